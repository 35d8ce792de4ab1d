import { PAGE_SHIFT, PAGE_SIZE } from '../isa/sv39.js';
import { hartArea, SLOW_TAG, TLB_ENTRIES, tlbEntry } from '../memory/map.js';
import { type I32, type I64, i32, i64 } from '../wasm/expression.js';
import type { FunctionBuilder } from '../wasm/function-builder.js';

/** A hart's three direct-mapped TLBs. An entry of the write TLB says that the page is writable and its D bit is set. */
export const tlbSides = ['readTlb', 'writeTlb', 'fetchTlb'] as const;
export type TlbSide = (typeof tlbSides)[number];

const ENTRY_SHIFT = Math.log2(tlbEntry.size);
const INDEX_MASK = (TLB_ENTRIES - 1) * tlbEntry.size;
const EMPTY_BYTE = 0xff;

/** No page address: its low bits are ones. */
export const EMPTY_TAG = -1n;
export const TLB_BYTES = TLB_ENTRIES * tlbEntry.size;

/** Distances from the hart's block. */
export const tagOffset = (side: TlbSide): number => hartArea.fields[side].offset + tlbEntry.fields.tag.offset;
export const addendOffset = (side: TlbSide): number => hartArea.fields[side].offset + tlbEntry.fields.addend.offset;

/** `hart` plus the distance of the entry for `va` from the first of its TLB: an address for `tagOffset` and `addendOffset`. */
export function tlbIndex(hart: I32, va: I64): I32 {
  return i32.add(hart, i32.and(i32.shrU(i32.wrap(va), i32.const(PAGE_SHIFT - ENTRY_SHIFT)), i32.const(INDEX_MASK)));
}

/**
 * True when the entry at `index` does not answer for an aligned access of `size` bytes at `va`. The low bits that must
 * be zero are compared along with the page, so that a misaligned access misses.
 */
export function tlbMisses(side: TlbSide, index: I32, va: I64, size: number): I32 {
  const compared = BigInt(-PAGE_SIZE) | BigInt(size - 1);
  return i64.ne(i64.load(index, tagOffset(side)), i64.and(va, i64.const(compared)));
}

/** Host address of `va`, whose entry at `index` hit. */
export function tlbHostAddress(side: TlbSide, index: I32, va: I64): I32 {
  return i32.add(i32.wrap(va), tlbAddend(side, index));
}

/** What to add to a virtual address, modulo 2^32, whose entry at `index` hit. */
export const tlbAddend = (side: TlbSide, index: I32): I32 => i32.load(index, addendOffset(side));

/** True when the entry at `index` is for the page of `va` and left to the slow path. */
export function hitsSlowly(side: TlbSide, index: I32, va: I64): I32 {
  return i64.eq(i64.load(index, tagOffset(side)), i64.or(pageOf(va), i64.const(BigInt(SLOW_TAG))));
}

/** Enters the page of `va`; the addend as `tlbEntry` says. */
export function fillTlb(f: FunctionBuilder, side: TlbSide, index: I32, va: I64, addend: I32): void {
  f.store(index, pageOf(va), tagOffset(side));
  f.store(index, addend, addendOffset(side));
}

/** Leaves the entry at `index` to the slow path. */
export function leaveToSlowPath(f: FunctionBuilder, side: TlbSide, index: I32): void {
  const tag = tagOffset(side);
  f.store(index, i64.or(i64.load(index, tag), i64.const(BigInt(SLOW_TAG))), tag);
}

/** Empties one TLB of the hart. */
export function emptyTlb(f: FunctionBuilder, side: TlbSide, hart: I32): void {
  f.memoryFill(i32.add(hart, i32.const(hartArea.fields[side].offset)), i32.const(EMPTY_BYTE), i32.const(TLB_BYTES));
}

export function pageOf(va: I64): I64 {
  return i64.and(va, i64.const(BigInt(-PAGE_SIZE)));
}
