import { array, atomic32 } from '../../../src/memory/struct.js';
import type { KernelContext } from '../../context.js';
import { panic } from '../../kernel-panic.js';
import { CACHE_LINE } from '../../params.js';
import { frameNumber } from '../entries.js';
import { type CountingScheme, type CountPlaces, elementAt, type FrameCounts, remembered } from './counting-scheme.js';

/** One addition is the whole change, and tells what it found. */
export class AtomicCounts implements FrameCounts {
  constructor(
    protected readonly cx: KernelContext,
    private readonly at: number,
    private readonly places: CountPlaces,
  ) {}

  begin(pa: number, count: number): void {
    // Pairs with nothing: who shares the frame later got it from this process. Atomic, as every access to the word is.
    this.cx.mem.atomicStore32(this.countAt(pa), count);
  }

  increment(pa: number): void {
    this.cx.mem.atomicAdd32(this.countAt(pa), 1);
  }

  decrement(pa: number): number {
    // Release and acquire, of all who count the frame down: each one's last use of it comes before the free.
    const before = this.cx.mem.atomicAdd32(this.countAt(pa), -1) | 0;
    if (before <= 0) panic('count below 0');
    return before - 1;
  }

  protected countAt(pa: number): number {
    return this.at + this.places.countOf(frameNumber(pa));
  }
}

/** Each on a line of its own: neighbours are often used by different harts, which would fight for a line that has both. */
const STRIDE = CACHE_LINE;

export const atomicCounts: CountingScheme = {
  name: 'atomic',
  summary: 'no lock: one atomic addition changes a count and tells what it was',
  guard: () => 'atomic',
  places: remembered((frames) => ({
    type: array({ ...atomic32, size: STRIDE, align: STRIDE }, frames),
    locks: [],
    countOf: (frame) => frame * STRIDE,
    lockOf: () => undefined,
    frameAt: (offset) => elementAt(offset, STRIDE, frames),
  })),
  Counts: AtomicCounts,
};
