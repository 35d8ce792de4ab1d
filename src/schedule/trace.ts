import type { KernelEvent } from '../memory/access.js';
import type { DirectAccess } from '../memory/direct-access.js';
import { DETAIL_SHIFT, HART_SHIFT, isAtomic, isWrite, Op, Order, type TraceEvent } from '../memory/trace-event.js';
import { TRACE_WORDS } from './schedule-block.js';

const OP_MASK = 0xff;

/** Of the detail of an access, and above it the order of an atomic one that is not sequential, which are few. */
const SIZE_MASK = 0xff;
const GUEST = 0x100;
const ORDER_SHIFT = 9;

/** Detail of an atomic access of guest code, which has the bits `order`. */
export function guestDetail(size: number, order: number): number {
  return size | GUEST | (order << ORDER_SHIFT);
}

export function writeEvent(
  host: DirectAccess,
  at: number,
  op: Op,
  hart: number,
  detail: number,
  step: number,
  address: number,
  value: number,
  after: number,
): void {
  host.write5(at, op | (hart << HART_SHIFT) | (detail << DETAIL_SHIFT), step, address, value, after);
}

/** The events of the last run, oldest first: a copy of what its harts have written, in one place for all runs. */
export class Trace implements Iterable<TraceEvent> {
  length = 0;
  private readonly words: Uint32Array;

  /** @param at where harts write theirs; at most `limit` events */
  constructor(
    private readonly host: DirectAccess,
    private readonly at: number,
    limit: number,
  ) {
    this.words = new Uint32Array(limit * TRACE_WORDS);
  }

  /** A run has left so many events. */
  copy(length: number): void {
    this.length = length;
    this.host.readWords(this.at, length * TRACE_WORDS, this.words);
  }

  /**
   * Shows every event, or every note, in one and the same object, which is good until the next: for those who look at many
   * and keep none.
   */
  show(visit: (event: TraceEvent, index: number) => void, notesOnly = false): void {
    const event: Mutable<TraceEvent> = { ...NOTHING };
    for (let index = 0; index < this.length; index++) {
      if (notesOnly && (this.words[index * TRACE_WORDS]! & OP_MASK) !== Op.Note) continue;
      this.decode(index, event);
      visit(event, index);
    }
  }

  /** The address of every access that writes, and how many bytes it writes. */
  showWrites(visit: (address: number, bytes: number) => void): void {
    const { words } = this;
    for (let index = 0; index < this.length; index++) {
      const at = index * TRACE_WORDS;
      const op = (words[at]! & OP_MASK) as Op;
      if (isWrite(op))
        visit(words[at + 2]!, op === Op.BulkWrite ? words[at + 3]! : (words[at]! >>> DETAIL_SHIFT) & SIZE_MASK);
    }
  }

  *[Symbol.iterator](): Generator<TraceEvent> {
    for (let index = 0; index < this.length; index++) yield this.decode(index, { ...NOTHING });
  }

  /** The same for traces with the same events in the same order, and for others only by a chance of one in 2^52. */
  digest(): number {
    const { words } = this;
    const used = this.length * TRACE_WORDS;
    let low = this.length;
    let high = 0x9e37_79b9;
    for (let i = 0; i < used; i++) {
      const word = words[i]! | 0;
      low = Math.imul(low ^ word, 0x85eb_ca6b);
      low ^= low >>> 15;
      high = Math.imul(high ^ word, 0xc2b2_ae35) ^ low;
      high = (high << 13) | (high >>> 19);
    }
    return (high >>> 12) * 0x1_0000_0000 + (low >>> 0);
  }

  private decode(index: number, event: Mutable<TraceEvent>): TraceEvent {
    const { words } = this;
    const at = index * TRACE_WORDS;
    const head = words[at]!;
    const op = (head & OP_MASK) as Op;
    const detail = head >>> DETAIL_SHIFT;
    const value = words[at + 3]!;
    event.op = op;
    event.hart = (head >>> HART_SHIFT) & 0xff;
    event.step = words[at + 1]!;
    event.address = words[at + 2]!;
    event.value = value;
    event.after = words[at + 4]!;
    event.size = 0;
    event.order = Order.Relaxed;
    event.note = 0;
    if (op === Op.Note) event.note = detail as KernelEvent;
    else if (op === Op.Fence) event.order = detail;
    else if (op === Op.BulkRead || op === Op.BulkWrite) event.size = value;
    else {
      event.size = detail & SIZE_MASK;
      if (isAtomic(op)) event.order = (detail & GUEST) === 0 ? Order.Sequential : detail >>> ORDER_SHIFT;
    }
    return event;
  }
}

const NOTHING: TraceEvent = {
  op: Op.Note,
  hart: 0,
  step: 0,
  address: 0,
  value: 0,
  after: 0,
  size: 0,
  order: 0,
  note: 0,
};
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
