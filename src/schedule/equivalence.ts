import { isWrite, Op, type TraceEvent } from '../memory/trace-event.js';

/** The order of accesses to one word, so far. */
interface WordHistory {
  lastWrite: number;
  /** Sum over the reads since the last write: reads of one value commute. */
  reads: number;
}

/**
 * A number that two runs share when they differ only in the order of accesses that do not depend on one another
 * (Mazurkiewicz traces). 52 bits of hash over word histories; an access's hash depends on the accesses that it
 * depends on and on nothing else, and the sum over all does not depend on their order.
 */
export function fingerprint(trace: Iterable<TraceEvent>, isContended: (address: number) => boolean): number {
  const words = new Map<number, WordHistory>();
  const progress: number[] = [];
  let total = 0;
  for (const event of trace) {
    if (event.op === Op.Note || !isContended(event.address)) continue;
    const done = progress[event.hart] ?? 0;
    const history = words.get(event.address) ?? { lastWrite: 0, reads: 0 };
    words.set(event.address, history);
    const self = hash(hash(event.hart + 1, done), hash(event.address, history.lastWrite));
    // What a hart did depends on all it did before.
    progress[event.hart] = self;
    if (isWrite(event.op)) {
      const write = hash(self, history.reads);
      history.lastWrite = write;
      history.reads = 0;
      progress[event.hart] = write;
      total = (total + write) % Number.MAX_SAFE_INTEGER;
    } else {
      history.reads = (history.reads + self) % Number.MAX_SAFE_INTEGER;
      total = (total + self) % Number.MAX_SAFE_INTEGER;
    }
  }
  return total;
}

/** Two numbers below 2^53 to one below 2^52 (multiply and xor on halves). */
function hash(a: number, b: number): number {
  let high = Math.imul((a / 0x10_0000) >>> 0, 0x85eb_ca6b) ^ Math.imul(b >>> 0, 0xc2b2_ae35);
  let low = Math.imul(a >>> 0, 0x27d4_eb2f) ^ Math.imul((b / 0x10_0000) >>> 0, 0x1656_67b1);
  high = Math.imul(high ^ (high >>> 15) ^ low, 0x2c1b_3c6d);
  low = Math.imul(low ^ (low >>> 13) ^ high, 0x297a_2d39);
  return ((high ^ (high >>> 16)) >>> 12) * 0x1_0000_0000 + ((low ^ (low >>> 16)) >>> 0);
}
