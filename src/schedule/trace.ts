import type { KernelEvent } from '../memory/access.js';
import type { DirectAccess } from '../memory/direct-access.js';
import { Op, type TraceEvent } from '../memory/trace-event.js';
import { TRACE_WORDS } from './schedule-block.js';

/** Layout of word 0: op, hart, size or note. */
const HART_SHIFT = 8;
const DETAIL_SHIFT = 16;

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

/** The events of a run, oldest first: a copy of what its harts have written. */
export class Trace implements Iterable<TraceEvent> {
  private readonly words: Uint32Array;

  constructor(
    host: DirectAccess,
    at: number,
    readonly length: number,
  ) {
    this.words = host.readWords(at, length * TRACE_WORDS);
  }

  /** Shows every event in one and the same object, which is good until the next: for those who look at many and keep none. */
  show(visit: (event: TraceEvent, index: number) => void): void {
    const event = {
      op: Op.Note as Op,
      hart: 0,
      step: 0,
      address: 0,
      value: 0,
      after: 0,
      size: 0,
      note: 0 as KernelEvent,
    };
    for (let index = 0; index < this.length; index++) {
      this.decode(index, event);
      visit(event, index);
    }
  }

  *[Symbol.iterator](): Generator<TraceEvent> {
    for (let index = 0; index < this.length; index++)
      yield this.decode(index, { op: Op.Note, hart: 0, step: 0, address: 0, value: 0, after: 0, size: 0, note: 0 });
  }

  /** The same for traces with the same events in the same order, and for others only by a chance of one in 2^52. */
  digest(): number {
    const { words } = this;
    let low = this.length;
    let high = 0x9e37_79b9;
    for (let i = 0; i < words.length; i++) {
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
    const op = (head & 0xff) as Op;
    const detail = head >>> DETAIL_SHIFT;
    const value = words[at + 3]!;
    event.op = op;
    event.hart = (head >>> HART_SHIFT) & 0xff;
    event.step = words[at + 1]!;
    event.address = words[at + 2]!;
    event.value = value;
    event.after = words[at + 4]!;
    event.size = op === Op.Note ? 0 : op === Op.BulkRead || op === Op.BulkWrite ? value : detail;
    event.note = op === Op.Note ? (detail as KernelEvent) : 0;
    return event;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
