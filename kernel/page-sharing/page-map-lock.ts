import type { SharedAccess } from '../../src/memory/access.js';
import { array, i32, struct } from '../../src/memory/struct.js';
import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import type { KernelArea, LayoutConfig } from '../layout.js';
import { spinlock } from '../locks/spinlock.js';
import type { Kalloc } from '../memory/kalloc.js';
import { CopyOnWrite } from './copy-on-write.js';
import { type FrameCounts, lookAtCounts, placeCounts } from './counts/counting-scheme.js';
import { frameNumber, framesBelow } from './entries.js';
import { type DesignForm, guardedBy, type SharingDesign } from './page-sharing.js';

/** Its head; `int pageMapNum[]`, one per frame of RAM, follows. */
const pgMap = struct('pgMap', { lock: spinlock });

/**
 * `pgMap { spinlock; int pageMapNum[] }`: how many user page tables map each frame. 0: free (or the kernel's own),
 * 1: may be writable, more: read-only everywhere.
 *
 * The sound form. Published, the fault handler dropped the old frame before it rewrote the page table entry: the other
 * sharer could then free the frame, and a third process get it, while this process still read it through its entry.
 * Here the entry is rewritten first. And `subMap` gives the count that its own decrement left: asking `getMap` for it
 * afterwards, in a second critical section, would let two harts both see 0, or neither.
 */
export class PageMapLock extends CopyOnWrite {
  protected readonly lock: number;
  private readonly pageMapNum: number;

  constructor(cx: KernelContext, kalloc: Kalloc) {
    super(cx, kalloc);
    this.lock = pgMap.fields.lock.at(cx.layout.sharing);
    this.pageMapNum = countsOf(cx.layout.sharing);
  }

  protected override addMapping(pa: number): void {
    this.addMap(pa);
  }

  protected override drop(pa: number): boolean {
    const last = this.subMap(pa) === 0;
    if (last) this.kalloc.kfree(pa);
    return last;
  }

  protected addMap(pa: number): void {
    const { mem, spin } = this.cx;
    const count = this.countAt(pa);
    spin.acquire(this.lock);
    mem.store32(count, mem.load32(count) + 1);
    spin.release(this.lock);
  }

  /** The count that is left. Panics below 0. */
  protected subMap(pa: number): number {
    const { mem, spin } = this.cx;
    const count = this.countAt(pa);
    spin.acquire(this.lock);
    const left = mem.load32(count) - 1;
    if (left < 0) panic('subMap');
    mem.store32(count, left);
    spin.release(this.lock);
    return left;
  }

  /** The count as it was under the lock, which nothing holds it to afterwards: the sound form does not ask for it. */
  protected getMap(pa: number): number {
    const { mem, spin } = this.cx;
    spin.acquire(this.lock);
    const count = mem.load32(this.countAt(pa));
    spin.release(this.lock);
    return count;
  }

  /** Address of the frame's count. */
  protected countAt(pa: number): number {
    return this.pageMapNum + frameNumber(pa) * i32.size;
  }
}

/** As its author wrote it: decrement, then look; and in the fault handler drop, then rewrite. */
class PublishedPageMapLock extends PageMapLock {
  protected override drop(pa: number): boolean {
    this.subMap(pa);
    const last = this.getMap(pa) === 0;
    if (last) this.kalloc.kfree(pa);
    return last;
  }

  protected override replace(pagetable: number, va: number, pte: number, old: number, entry: number): boolean {
    const last = this.drop(old);
    this.rewrite(pagetable, va, pte, old, entry);
    return last;
  }
}

/** With counts that are kept another way. */
class CountedPageMap extends PageMapLock {
  private readonly counts: FrameCounts;

  constructor(cx: KernelContext, kalloc: Kalloc, counts?: FrameCounts) {
    super(cx, kalloc);
    this.counts = counts ?? panic('no counts');
  }

  protected override addMap(pa: number): void {
    this.counts.increment(pa);
  }

  protected override subMap(pa: number): number {
    return this.counts.decrement(pa);
  }
}

function countsOf(sharing: number): number {
  return sharing + pgMap.size;
}

const common: Omit<DesignForm, 'Sharing'> = {
  guard: 'pgMap',
  reserve(area: KernelArea, { physTop }: LayoutConfig): number {
    const state = struct('pgMap', { lock: spinlock, pageMapNum: array(i32, framesBelow(physTop)) });
    const address = area.place('pgMap', state);
    area.lock('pgMap', pgMap.fields.lock.at(address));
    return address;
  },
  counts: {
    count: (mem: SharedAccess, layout, pa) => mem.load32(countsOf(layout.sharing) + frameNumber(pa) * i32.size) | 0,
    expected: (mappings) => mappings,
    whenFree: 0,
    guardOf: ({ sharing, config }) =>
      guardedBy(pgMap.fields.lock.at(sharing), countsOf(sharing), framesBelow(config.physTop) * i32.size),
  },
};

export const pageMapLock: SharingDesign = {
  name: 'page-map-lock',
  summary: 'one array of mapping counts under one lock; a write always copies, even for the last sharer',
  forms: {
    sound: { ...common, Sharing: PageMapLock },
    published: { ...common, Sharing: PublishedPageMapLock },
  },
  countedBy: (scheme) => ({
    counting: scheme,
    guard: scheme.guard('pgMap'),
    Sharing: CountedPageMap,
    reserve: (area, config) => placeCounts(scheme, 'pgMap', area, config),
    counts: { ...lookAtCounts(scheme), expected: (mappings) => mappings, whenFree: 0 },
  }),
};
