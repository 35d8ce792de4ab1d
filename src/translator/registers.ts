import type { ControlFlow, Node } from './control-flow.js';
import { type Instruction, successors } from './flow-graph.js';

/** Registers as bits. x0 is in no set. */
export type Registers = number;

export const contains = (set: Registers, register: number): boolean => ((set >>> register) & 1) !== 0;
export function registersOf(set: Registers): number[] {
  return Array.from({ length: 32 }, (_, register) => register).filter((register) => contains(set, register));
}

const X0 = 1;
export const reads = ({ operands }: Instruction): Registers => ((1 << operands.rs1) | (1 << operands.rs2)) & ~X0;
export const writes = ({ operands }: Instruction): Registers => (1 << operands.rd) & ~X0;

/**
 * Which registers are kept where. In a region registers live in locals. `dirty`: those whose local may differ from the
 * hart's block, which has to be brought up to date wherever the region is left. `live`: those whose local must hold the
 * register's value, because it is read, or is dirty somewhere later on.
 */
export interface RegisterUse {
  /** On entry to the block. */
  dirty(node: Node): Registers;
  live(node: Node): Registers;
}

export function registerUse(flow: ControlFlow): RegisterUse {
  const dirty = dirtyRegisters(flow);
  const live = liveRegisters(flow, dirty);
  return { dirty: ({ index }) => dirty[index]!, live: ({ index }) => live[index]! };
}

function inside(flow: ControlFlow, node: Node): Node[] {
  return successors(node.block).flatMap((offset) => flow.target(node, offset) ?? []);
}

function dirtyRegisters(flow: ControlFlow): Registers[] {
  const { nodes } = flow;
  const onEntry = nodes.map(() => 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of nodes) {
      const { instructions, end } = node.block;
      // A call begins with everything in the block, and ends so.
      const after =
        end.kind === 'call' ? 0 : instructions.reduce((set, one) => set | writes(one), onEntry[node.index]!);
      for (const { index } of inside(flow, node)) {
        const merged = onEntry[index]! | after;
        changed ||= merged !== onEntry[index];
        onEntry[index] = merged;
      }
    }
  }
  return onEntry;
}

function liveRegisters(flow: ControlFlow, dirty: readonly Registers[]): Registers[] {
  const { nodes } = flow;
  const onEntry = nodes.map(() => 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (const node of nodes.toReversed()) {
      const live = liveOnEntry(flow, node, dirty[node.index]!, onEntry);
      changed ||= live !== onEntry[node.index];
      onEntry[node.index] = live;
    }
  }
  return onEntry;
}

function liveOnEntry(flow: ControlFlow, node: Node, dirty: Registers, onEntry: readonly Registers[]): Registers {
  const { instructions, end } = node.block;
  const before: Registers[] = [];
  let dirtyNow = dirty;
  for (const one of instructions) {
    before.push(dirtyNow);
    dirtyNow |= writes(one);
  }
  const ways = successors(node.block).map((offset) => flow.target(node, offset));
  let live = 0;
  // Left for good, or for a call: what is dirty is stored.
  if (end.kind === 'call' || ways.length === 0 || ways.includes(undefined)) live |= dirtyNow;
  if (end.kind !== 'call') for (const way of ways) if (way !== undefined) live |= onEntry[way.index]!;
  for (const [i, one] of [...instructions.entries()].toReversed()) {
    live = (live & ~writes(one)) | reads(one);
    if (one.form.traits.accesses) live |= before[i]!;
  }
  return node.isLoopHeader ? live | dirty : live;
}
