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
  host.store32(at, (op | (hart << HART_SHIFT) | (detail << DETAIL_SHIFT)) >>> 0);
  host.store32(at + 4, step);
  host.store32(at + 8, address);
  host.store32(at + 12, value);
  host.store32(at + 16, after);
}

/** Reads the events back, oldest first. */
export function* readTrace(host: DirectAccess, trace: number, length: number): Generator<TraceEvent> {
  for (let i = 0; i < length; i++) {
    const at = trace + i * TRACE_WORDS * 4;
    const head = host.load32(at);
    const op = (head & 0xff) as Op;
    const detail = head >>> DETAIL_SHIFT;
    const value = host.load32(at + 12);
    const bulk = op === Op.BulkRead || op === Op.BulkWrite;
    yield {
      op,
      hart: (head >>> HART_SHIFT) & 0xff,
      step: host.load32(at + 4),
      address: host.load32(at + 8),
      value,
      after: host.load32(at + 16),
      size: op === Op.Note ? 0 : bulk ? value : detail,
      note: op === Op.Note ? (detail as KernelEvent) : 0,
    };
  }
}
