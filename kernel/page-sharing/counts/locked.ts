import { array, i32, struct } from '../../../src/memory/struct.js';
import type { KernelContext } from '../../context.js';
import { panic } from '../../kernel-panic.js';
import { onLines } from '../../layout.js';
import { spinlock } from '../../locks/spinlock.js';
import { frameNumber } from '../entries.js';
import { type CountingScheme, type CountPlaces, elementAt, type FrameCounts, remembered } from './counting-scheme.js';

/** Plain counts, each changed with its lock held; whoever holds one of the locks wants no other. */
export class LockedCounts implements FrameCounts {
  constructor(
    protected readonly cx: KernelContext,
    private readonly at: number,
    private readonly places: CountPlaces,
  ) {}

  begin(pa: number, count: number): void {
    const { mem, spin } = this.cx;
    const lock = this.lockAt(pa);
    spin.acquire(lock);
    mem.store32(this.countAt(pa), count);
    spin.release(lock);
  }

  increment(pa: number): void {
    this.add(pa, 1);
  }

  decrement(pa: number): number {
    return this.add(pa, -1);
  }

  protected add(pa: number, by: number): number {
    const { spin } = this.cx;
    const lock = this.lockAt(pa);
    spin.acquire(lock);
    const left = this.change(pa, by);
    spin.release(lock);
    return left;
  }

  /** The lock must be held. */
  protected change(pa: number, by: number): number {
    const { mem } = this.cx;
    const count = this.countAt(pa);
    const left = (mem.load32(count) | 0) + by;
    if (left < 0) panic('count below 0');
    mem.store32(count, left);
    return left;
  }

  protected countAt(pa: number): number {
    return this.at + this.places.countOf(frameNumber(pa));
  }

  protected lockAt(pa: number): number {
    return this.at + (this.places.lockOf(frameNumber(pa)) ?? panic('a count without a lock'));
  }
}

export const oneLock: CountingScheme = {
  name: 'one-lock',
  summary: 'one lock for all counts',
  guard: (name) => name,
  places: remembered((frames) => {
    const type = struct('counts', { lock: spinlock, count: array(i32, frames) });
    const { lock, count } = type.fields;
    return {
      type,
      locks: [lock.offset],
      countOf: (frame) => count.offset + frame * i32.size,
      lockOf: () => lock.offset,
      frameAt: (offset) => elementAt(offset - count.offset, i32.size, frames),
    };
  }),
  Counts: LockedCounts,
};

/** Enough that harts seldom meet at one, and neighbours, which one process often has, are guarded by different ones. */
const STRIPES = 64;

export const striped: CountingScheme = {
  name: 'striped',
  summary: `${STRIPES} locks, each for every ${STRIPES}th frame`,
  guard: (name) => `${name}, by frame`,
  places: remembered((frames) => {
    const stripe = onLines(spinlock);
    const type = struct('counts', { stripe: array(stripe, STRIPES), count: array(i32, frames) });
    const { count } = type.fields;
    return {
      type,
      locks: Array.from({ length: STRIPES }, (_, i) => i * stripe.size),
      countOf: (frame) => count.offset + frame * i32.size,
      lockOf: (frame) => (frame % STRIPES) * stripe.size,
      frameAt: (offset) => elementAt(offset - count.offset, i32.size, frames),
    };
  }),
  Counts: LockedCounts,
};

export const perPage: CountingScheme = {
  name: 'per-page',
  summary: 'a lock for each frame, beside its count',
  guard: (name) => `${name}, by frame`,
  places: remembered((frames) => {
    const fields = struct('page', { lock: spinlock, count: i32 });
    const { lock, count } = fields.fields;
    const page = onLines(fields);
    return {
      type: array(page, frames),
      locks: Array.from({ length: frames }, (_, frame) => frame * page.size + lock.offset),
      countOf: (frame) => frame * page.size + count.offset,
      lockOf: (frame) => frame * page.size + lock.offset,
      frameAt: (offset) => elementAt(offset - count.offset, page.size, frames),
    };
  }),
  Counts: LockedCounts,
};
