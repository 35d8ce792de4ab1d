import { PAGE_SIZE } from '../isa/sv39.js';
import type { AccessSize } from '../isa/vocabulary.js';
import type { Block, Instruction } from './flow-graph.js';
import { movedFrom } from './pointers.js';
import { type Registers, registersOf, writes } from './registers.js';

/**
 * Loads and stores of a block whose addresses are constants away from what one register holds where the block begins: one
 * look at the TLB serves them all, as they nearly always lie in one page.
 */
export interface AccessGroup {
  readonly base: number;
  readonly stores: boolean;
  /** The lowest address is `base` + `least`; it is to be aligned to `size`, and nothing is accessed from `span` bytes on. */
  readonly least: number;
  readonly size: AccessSize;
  readonly span: number;
}

/** Of an instruction: its group, and how far beyond the group's lowest address it accesses. */
export interface GroupedAccess {
  readonly group: AccessGroup;
  readonly distance: number;
}

interface Place {
  readonly base: number;
  readonly distance: number;
}
interface Access {
  readonly instruction: Instruction;
  readonly size: AccessSize;
  /** From what the base held. */
  readonly distance: number;
}

/** Fewer cost as much by themselves. */
const FEWEST = 2;
/** A group that spans more would too often lie in two pages. */
const MOST_SPAN = PAGE_SIZE / 4;

export function groupedAccesses({ instructions }: Block): ReadonlyMap<Instruction, GroupedAccess> {
  const found = new Map<Instruction, GroupedAccess>();
  for (const [base, accesses] of byBase(instructions)) {
    const group = groupOf(base, accesses);
    if (group === undefined) continue;
    for (const { instruction, distance } of accesses)
      found.set(instruction, { group, distance: distance - group.least });
  }
  return found;
}

function byBase(instructions: readonly Instruction[]): Map<number, Access[]> {
  /** What a register holds, as a distance from what another held; undefined: something else. */
  const held = new Map<number, Place>(registersOf(~1).map((base) => [base, { base, distance: 0 }]));
  const found = new Map<number, Access[]>();
  for (const instruction of instructions) {
    const { form, operands } = instruction;
    const { size } = form.traits;
    const base = held.get(operands.rs1);
    if (size !== undefined && base !== undefined) {
      const access = { instruction, size, distance: base.distance + Number(operands.imm) };
      found.set(base.base, [...(found.get(base.base) ?? []), access]);
    }
    const written: Registers = writes(instruction);
    if (written === 0) continue;
    const source = movedFrom(instruction);
    const moved = source === undefined ? undefined : held.get(source);
    if (moved === undefined) held.delete(operands.rd);
    else held.set(operands.rd, { base: moved.base, distance: moved.distance + Number(operands.imm) });
  }
  return found;
}

/** Undefined where one look is no gain, or does not tell that all of them are aligned. */
function groupOf(base: number, accesses: readonly Access[]): AccessGroup | undefined {
  if (accesses.length < FEWEST) return undefined;
  const widest = accesses.reduce((a, b) => (b.size > a.size ? b : a));
  const { size } = widest;
  const lowest = Math.min(...accesses.map(({ distance }) => distance));
  const least = lowest - modulo(lowest - widest.distance, size);
  if (accesses.some((one) => modulo(one.distance - least, one.size) !== 0)) return undefined;
  const span = Math.max(...accesses.map((one) => one.distance + one.size)) - least;
  const stores = accesses.some(({ instruction }) => instruction.form.traits.stores);
  return span > MOST_SPAN ? undefined : { base, stores, least, size, span };
}

const modulo = (a: number, n: number): number => ((a % n) + n) % n;
