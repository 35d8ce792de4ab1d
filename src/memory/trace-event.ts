import type { KernelEvent } from './access.js';

/** What an event of the trace is. Accesses first; `Note` carries what the supervisor told. */
export const Op = {
  Load: 0,
  Store: 1,
  AtomicLoad: 2,
  AtomicStore: 3,
  /** Read-modify-write; `value` is the old value, `after` the new one. A compare-exchange that failed has `after` = `value`. */
  AtomicUpdate: 4,
  /** Bulk accesses: `value` is the number of bytes, and for a fill `after` the byte. */
  BulkRead: 5,
  BulkWrite: 6,
  Note: 7,
} as const;
export type Op = (typeof Op)[keyof typeof Op];

/** One thing that a hart did in a controlled run, in the order in which they happened. */
export interface TraceEvent {
  readonly op: Op;
  readonly hart: number;
  /** Number of the point; a note has the number of the access that comes next. */
  readonly step: number;
  /** Accesses: physical address. Notes: the event's `a`. */
  readonly address: number;
  /** Loads: what was read; stores: what was written. Notes: the event's `b`. */
  readonly value: number;
  readonly after: number;
  /** Bytes of the access. */
  readonly size: number;
  /** Notes only. */
  readonly note: KernelEvent | 0;
}

export const isWrite = (op: Op): boolean =>
  op === Op.Store || op === Op.AtomicStore || op === Op.AtomicUpdate || op === Op.BulkWrite;
export const isAtomic = (op: Op): boolean => op === Op.AtomicLoad || op === Op.AtomicStore || op === Op.AtomicUpdate;
