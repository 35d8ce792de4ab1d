import { type Form, formOf } from '../interpreter/forms.js';
import { decode, instructionSize } from '../isa/decode.js';
import type { Operands } from '../isa/row.js';
import { PAGE_SIZE } from '../isa/sv39.js';

/** An instruction of a page; `offset` is where in the page it begins. */
export interface Instruction {
  readonly offset: number;
  readonly size: 2 | 4;
  readonly form: Form;
  readonly operands: Operands;
}

/** Where control goes at the end of a block. Offsets count from the start of the page and may lie outside it. */
export type BlockEnd =
  | { readonly kind: 'go'; readonly to: number }
  | { readonly kind: 'branch'; readonly taken: number; readonly next: number }
  /** A jump that links: to an offset, or to where register `by` says. */
  | { readonly kind: 'call'; readonly to: number; readonly by?: undefined; readonly next: number }
  | { readonly kind: 'call'; readonly to?: undefined; readonly by: number; readonly next: number }
  /** To where a register says: a return, when that register is ra or t0. */
  | { readonly kind: 'leave'; readonly isReturn: boolean };

export interface Block {
  readonly start: number;
  readonly instructions: readonly Instruction[];
  readonly end: BlockEnd;
}

/** What belongs together: the blocks that are reached from `start` without leaving the page, by their starts. */
export interface FlowGraph {
  readonly start: number;
  readonly blocks: ReadonlyMap<number, Block>;
}

/** More would take V8's optimising compiler too long. */
const MOST_INSTRUCTIONS = 256;
const LINKS = [1, 5];
const BYTE_BITS = 8;
const PARCEL_BITS = 16;

/** Where control may go from here inside the same region. */
export function successors({ end }: Block): number[] {
  switch (end.kind) {
    case 'go':
      return [end.to];
    case 'branch':
      return [end.taken, end.next];
    case 'call':
      return [end.next];
    default:
      return [];
  }
}

/** `page`: the bytes of the page. Undefined where no instruction can be translated. */
export function flowGraph(page: Uint8Array, start: number): FlowGraph | undefined {
  const { instructions, leaders } = reach(page, start);
  if (!instructions.has(start)) return undefined;
  const blocks = new Map<number, Block>();
  for (const leader of leaders) {
    const block = blockAt(leader, instructions, leaders);
    if (block !== undefined) blocks.set(leader, block);
  }
  return { start, blocks };
}

interface Reached {
  readonly instructions: Map<number, Instruction>;
  /** Where blocks begin, in the order in which they were come to. */
  readonly leaders: Set<number>;
}

/** What is near comes first, so that the bound cuts off what is far. */
function reach(page: Uint8Array, start: number): Reached {
  const instructions = new Map<number, Instruction>();
  const leaders = new Set([start]);
  const waiting = [start];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    for (let offset = at; !instructions.has(offset) && instructions.size < MOST_INSTRUCTIONS; ) {
      const instruction = instructionAt(page, offset);
      if (instruction === undefined) break;
      instructions.set(offset, instruction);
      const end = endOf(instruction);
      if (end === undefined) {
        offset += instruction.size;
        continue;
      }
      for (const target of successors({ start: at, instructions: [], end })) {
        if (target < 0 || target >= PAGE_SIZE) continue;
        leaders.add(target);
        waiting.push(target);
      }
      break;
    }
  }
  return { instructions, leaders };
}

function instructionAt(page: Uint8Array, offset: number): Instruction | undefined {
  if (offset > PAGE_SIZE - 2) return undefined;
  const parcel = parcelAt(page, offset);
  const size = instructionSize(parcel);
  if (offset + size > PAGE_SIZE) return undefined;
  const word = size === 2 ? parcel : parcel | (parcelAt(page, offset + 2) << PARCEL_BITS);
  const decoded = decode(word);
  if (decoded === undefined) return undefined;
  const form = formOf(decoded.row);
  return form.traits.fast ? { offset, size, form, operands: decoded.operands } : undefined;
}

function parcelAt(page: Uint8Array, offset: number): number {
  return page[offset]! | (page[offset + 1]! << BYTE_BITS);
}

/** Undefined where control simply goes on. */
function endOf({ offset, size, form, operands }: Instruction): BlockEnd | undefined {
  const { control, relative } = form.traits;
  if (control === 'none') return undefined;
  const next = offset + size;
  const to = offset + Number(operands.imm);
  if (control === 'branch') return { kind: 'branch', taken: to, next };
  if (operands.rd !== 0) return relative ? { kind: 'call', to, next } : { kind: 'call', by: operands.rs1, next };
  return relative ? { kind: 'go', to } : { kind: 'leave', isReturn: LINKS.includes(operands.rs1) };
}

function blockAt(
  start: number,
  instructions: ReadonlyMap<number, Instruction>,
  leaders: ReadonlySet<number>,
): Block | undefined {
  const own: Instruction[] = [];
  let offset = start;
  for (;;) {
    const instruction = instructions.get(offset);
    if (instruction === undefined)
      return own.length === 0 ? undefined : { start, instructions: own, end: { kind: 'go', to: offset } };
    own.push(instruction);
    const end = endOf(instruction);
    if (end !== undefined) return { start, instructions: own, end };
    offset += instruction.size;
    if (leaders.has(offset)) return { start, instructions: own, end: { kind: 'go', to: offset } };
  }
}
