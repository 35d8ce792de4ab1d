import { KernelEvent } from './access.js';
import { GRANULE_SIZE, KERNBASE } from './map.js';

/** What an event of the trace is. Accesses first; `Note` carries what the supervisor told, `Fence` is an instruction of guest code. */
export const Op = {
  Load: 0,
  Store: 1,
  AtomicLoad: 2,
  AtomicStore: 3,
  /**
   * Read-modify-write; `value` is the old value, `after` the new one. A compare-exchange that failed is a load. Of guest code: an amo, or an sc that stored, which is one update with its lr, as nobody stored in between.
   */
  AtomicUpdate: 4,
  /** Bulk accesses: `value` is the number of bytes, and for a fill `after` the byte. */
  BulkRead: 5,
  BulkWrite: 6,
  Note: 7,
  Fence: 8,
} as const;
export type Op = (typeof Op)[keyof typeof Op];

/** What an atomic access orders. `Acquire` and `Release` are the bits aq and rl of guest code. */
export const Order = {
  Relaxed: 0,
  Release: 1,
  Acquire: 2,
  /**
   * Both, and more: whoever made the access says of every access whether it is atomic, so that a plain one to the same
   * word is a mistake. So do the supervisor in TypeScript, and a hardware walk, which makes a page table no word for
   * synchronisation. Guest code does not: its atomic loads and stores are ordinary ones.
   */
  Sequential: 7,
} as const;

/** One thing that a hart did in a controlled run, in the order in which they happened. */
export interface TraceEvent {
  readonly op: Op;
  readonly hart: number;
  /** Number of the point; a fence, and a note that is none, has the number of the point that comes next. */
  readonly step: number;
  /** Accesses: physical address. Notes: the event's `a`. */
  readonly address: number;
  /** Loads: what was read; stores: what was written. Notes: the event's `b`. */
  readonly value: number;
  readonly after: number;
  /** Bytes of the access. */
  readonly size: number;
  /** Atomic accesses: `Order.Sequential`, or the bits of guest code. Fences: the instruction's immediate (`isa/ordering.ts`). */
  readonly order: number;
  /** Notes only. */
  readonly note: KernelEvent | 0;
}

/**
 * Layout of an event where harts leave it: five words. Word 0: op, hart, detail (the size of an access, the number of a note, the
 * immediate of a fence); then step, address, value, after. An engine writes events too.
 */
export const EVENT_SIZE = 20;
export const HART_SHIFT = 8;
export const DETAIL_SHIFT = 16;

export const isAccess = (op: Op): boolean => op !== Op.Note && op !== Op.Fence;
/** Accesses, and notes of what becomes of a frame. */
export const isPoint = (event: TraceEvent): boolean => isAccess(event.op) || frameTold(event) !== undefined;
export const isWrite = (op: Op): boolean =>
  op === Op.Store || op === Op.AtomicStore || op === Op.AtomicUpdate || op === Op.BulkWrite;
export const isAtomic = (op: Op): boolean => op === Op.AtomicLoad || op === Op.AtomicStore || op === Op.AtomicUpdate;

/**
 * The bytes by which an access depends on what others do: of an atomic one of guest code the whole granule, as a store
 * anywhere in it has an sc fail.
 */
export function reachOf(event: Pick<TraceEvent, 'op' | 'order' | 'address' | 'size'>): {
  address: number;
  bytes: number;
} {
  const { op, order, address, size } = event;
  if (!isAtomic(op) || order === Order.Sequential) return { address, bytes: size };
  return { address: address - (address % GRANULE_SIZE), bytes: GRANULE_SIZE };
}

/** The frame of which a note tells what becomes of it; undefined: no note of that kind, or a device is mapped. */
export function frameTold({
  note,
  address,
  value,
}: Pick<TraceEvent, 'note' | 'address' | 'value'>): number | undefined {
  switch (note) {
    case KernelEvent.FrameAllocated:
    case KernelEvent.FrameFreed:
      return address;
    case KernelEvent.FrameMapped:
    case KernelEvent.FrameUnmapped:
      return value >= KERNBASE ? value : undefined;
    default:
      return undefined;
  }
}

/**
 * What is held against a run depends on the order in which harts tell what becomes of a frame, and use it. So each frame has
 * a ghost word, which lies in no RAM: to tell is to write it, to access the frame is to read it. By an address that is no word's.
 */
export function ghostOf(frame: number): number {
  return frame + 1;
}
