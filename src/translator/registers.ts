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
  const written = nodes.map(({ block }) => block.instructions.reduce((set, one) => set | writes(one), 0));
  const ways = nodes.map((node) => inside(flow, node));
  const onEntry = nodes.map(() => 0);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { index, block } of nodes) {
      // A call begins with everything in the block, and ends so.
      const after = block.end.kind === 'call' ? 0 : onEntry[index]! | written[index]!;
      for (const way of ways[index]!) {
        const merged = onEntry[way.index]! | after;
        changed ||= merged !== onEntry[way.index];
        onEntry[way.index] = merged;
      }
    }
  }
  return onEntry;
}

function liveRegisters(flow: ControlFlow, dirty: readonly Registers[]): Registers[] {
  const { nodes } = flow;
  const needs = nodes.map((node) => needsOf(flow, node, dirty[node.index]!));
  const onEntry = needs.map(({ own }) => own);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { index } of nodes.toReversed()) {
      const { own, kept, ways } = needs[index]!;
      const live = ways.reduce((set, way) => set | (onEntry[way.index]! & kept), own);
      changed ||= live !== onEntry[index];
      onEntry[index] = live;
    }
  }
  return onEntry;
}

interface Needs {
  /** What the block itself needs on entry. */
  readonly own: Registers;
  /** What it does not write, so that it needs it when those do that come after. */
  readonly kept: Registers;
  readonly ways: readonly Node[];
}

function needsOf(flow: ControlFlow, node: Node, dirty: Registers): Needs {
  const { instructions, end } = node.block;
  const before: Registers[] = [];
  let dirtyNow = dirty;
  for (const one of instructions) {
    before.push(dirtyNow);
    dirtyNow |= writes(one);
  }
  const ways = successors(node.block).map((offset) => flow.target(node, offset));
  // Left for good, or for a call: what is dirty is stored.
  let own = end.kind === 'call' || ways.length === 0 || ways.includes(undefined) ? dirtyNow : 0;
  let kept = ~0;
  for (let i = instructions.length - 1; i >= 0; i--) {
    const one = instructions[i]!;
    own = (own & ~writes(one)) | reads(one);
    kept &= ~writes(one);
    if (one.form.traits.accesses) own |= before[i]!;
  }
  if (node.isLoopHeader) own |= dirty;
  return { own, kept, ways: end.kind === 'call' ? [] : ways.flatMap((way) => way ?? []) };
}
