import { CODE_ENTRY_SIZE, codeSlot, HOTNESS_COUNTERS, hartArea } from '../memory/map.js';
import { type I32, i32 } from '../wasm/expression.js';

/**
 * A decoded instruction: sixteen bytes, one entry for every 2-byte parcel of a page. Entries belong to one hart, so
 * registers are kept as addresses, not as numbers. All zeros means that the parcel has not been decoded yet.
 */
export const Entry = {
  /** u16: what the fast loop jumps to. */
  handler: 0,
  /** u16: what the instruction is, for the single step (`formCode`). */
  form: 2,
  /** u32: address of rd, or of rs2 where there is no rd. Writes to x0 are decoded to the sink. */
  first: 4,
  /** u32: address of rs1. */
  rs1: 8,
  /** i32: the immediate; address of rs2; entries to go (in bytes) to the target; or the encoding. */
  last: 12,
} as const;

const PARCEL_SIZE = 2;
const ENTRY_SHIFT = Math.log2(CODE_ENTRY_SIZE / PARCEL_SIZE);

/** Entries lie eight times as far apart as the bytes they stand for. */
export function toEntryDistance(bytes: I32): I32 {
  return i32.shl(bytes, i32.const(ENTRY_SHIFT));
}
export function toBytes(entryDistance: I32): I32 {
  return i32.shrU(entryDistance, i32.const(ENTRY_SHIFT));
}
export const entryDistance = (bytes: number): number => bytes << ENTRY_SHIFT;

const COUNTER_SIZE = 4;
const COUNTER_SHIFT = Math.log2(CODE_ENTRY_SIZE) - Math.log2(COUNTER_SIZE);
const COUNTER_MASK = (HOTNESS_COUNTERS - 1) * COUNTER_SIZE;

/** How far from the hart's block the counter lies of how often the entry was jumped to; entries share counters. */
export function counterDistance(entry: number): number {
  return hartArea.fields.hotness.offset + ((entry >>> COUNTER_SHIFT) & COUNTER_MASK);
}
/** `hart` plus what is left of that distance when `COUNTERS` is taken off. */
export function counterAddress(hart: I32, entry: I32): I32 {
  return i32.add(hart, i32.and(i32.shrU(entry, i32.const(COUNTER_SHIFT)), i32.const(COUNTER_MASK)));
}
export const COUNTERS = hartArea.fields.hotness.offset;

/** Distance of a page's own bytes from the start of its slot. */
export const SLOT_BYTES = codeSlot.fields.bytes.offset;
