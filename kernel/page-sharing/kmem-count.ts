import { array, u8, u32 } from '../../src/memory/struct.js';
import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import { type KernelArea, kmem, type LayoutConfig } from '../layout.js';
import type { Kalloc } from '../memory/kalloc.js';
import type { KernelParts } from '../parts.js';
import { CopyOnWrite } from './copy-on-write.js';
import { type FrameCounts, lookAtCounts, placeCounts } from './counts/counting-scheme.js';
import { frameNumber, framesBelow } from './entries.js';
import { FetchFaultTraps } from './fetch-fault-traps.js';
import { type DesignForm, guardedBy, type SharingDesign } from './page-sharing.js';

/**
 * `page_references[]` inside kmem, beside the free list and under kmem.lock. kalloc sets 1 and the decrement is in kfree,
 * so that no caller can free a shared frame past the count: whoever is done with a frame calls kfree, and the last one
 * frees it. Page tables have a count too, which is always 1.
 *
 * The sound form. Published, the count was a `uint8`: the 256th sharer wrapped it to 0, and with one more the first exit
 * freed the frame under all the others. Here it is a `uint32`. The other way to mend it, a fork that refuses the 256th
 * sharer, needs a new way to fail in the middle of a fork, and takes from programs what they had; the wider count is one
 * word in its declaration, for three bytes a frame. And published, an instruction page fault was taken for a write:
 * the page was copied in vain before its process was killed all the same.
 */
export class KmemCount extends CopyOnWrite {
  protected readonly references: number;
  private readonly lock: number;

  constructor(cx: KernelContext, kalloc: Kalloc) {
    super(cx, kalloc);
    this.references = cx.layout.sharing;
    this.lock = kmem.fields.lock.at(cx.layout.kmems[0]!);
  }

  /** kalloc. kmem.lock is held. */
  override frameAllocated(pa: number): void {
    this.store(pa, 1);
  }

  /** kfree. */
  override frameReleased(pa: number): boolean {
    const { spin } = this.cx;
    spin.acquire(this.lock);
    const left = this.decremented(this.load(pa));
    this.store(pa, left);
    spin.release(this.lock);
    return left === 0;
  }

  /** kalloc has counted it. */
  override mapped(_pagetable: number, _va: number, _pa: number): void {}

  protected override addMapping(pa: number): void {
    const { spin } = this.cx;
    spin.acquire(this.lock);
    this.store(pa, this.load(pa) + 1);
    spin.release(this.lock);
  }

  protected override drop(pa: number): boolean {
    return this.kalloc.kfree(pa);
  }

  /** `cowcopy`: the old mapping is removed before the new one is made, or mappages would panic. */
  protected override replace(pagetable: number, va: number, pte: number, old: number, entry: number): boolean {
    return this.remap(pagetable, va, pte, old, entry);
  }

  protected decremented(count: number): number {
    if (count === 0) panic('kfree: no references');
    return count - 1;
  }

  // kmem.lock must be held.
  protected load(pa: number): number {
    return this.cx.mem.load32(this.references + frameNumber(pa) * u32.size);
  }
  protected store(pa: number, count: number): void {
    this.cx.mem.store32(this.references + frameNumber(pa) * u32.size, count);
  }
}

/** With counts that are kept another way. A lock of theirs may be taken with kmem.lock held, and never the other way round. */
class CountedKmem extends KmemCount {
  private readonly counts: FrameCounts;

  constructor(cx: KernelContext, kalloc: Kalloc, counts?: FrameCounts) {
    super(cx, kalloc);
    this.counts = counts ?? panic('no counts');
  }

  override frameAllocated(pa: number): void {
    this.counts.begin(pa, 1);
  }

  override frameReleased(pa: number): boolean {
    return this.counts.decrement(pa) === 0;
  }

  protected override addMapping(pa: number): void {
    this.counts.increment(pa);
  }
}

const UINT8 = 0xff;

/** As its author wrote it: eight bits, and nothing stops them from wrapping. */
class PublishedKmemCount extends KmemCount {
  protected override decremented(count: number): number {
    return (count - 1) & UINT8;
  }
  protected override load(pa: number): number {
    return this.cx.mem.load8(this.references + frameNumber(pa));
  }
  protected override store(pa: number, count: number): void {
    this.cx.mem.store8(this.references + frameNumber(pa), count & UINT8);
  }
}

const expected = (mappings: number, kernelUses: number) => mappings + kernelUses;

function form(type: typeof u8 | typeof u32, Sharing: DesignForm['Sharing']): DesignForm {
  return {
    guard: 'kmem',
    oneFreeList: true,
    Sharing,
    reserve: (area: KernelArea, { physTop }: LayoutConfig) =>
      area.place('kmem.page_references', array<unknown>(type, framesBelow(physTop))),
    counts: {
      count: (mem, { sharing }, pa) =>
        type === u8 ? mem.load8(sharing + frameNumber(pa)) : mem.load32(sharing + frameNumber(pa) * u32.size),
      expected,
      whenFree: 0,
      guardOf: ({ kmems, sharing, config }) =>
        guardedBy(kmem.fields.lock.at(kmems[0]!), sharing, framesBelow(config.physTop) * type.size),
    },
  };
}

export const kmemCount: SharingDesign = {
  name: 'kmem-count',
  summary: "the allocator's own counts under its lock: whoever is done with a page calls kfree, the last one frees it",
  forms: {
    sound: form(u32, KmemCount),
    published: {
      ...form(u8, PublishedKmemCount),
      parts: (base: KernelParts) => ({ ...base, Traps: FetchFaultTraps }),
    },
  },
  countedBy: (scheme) => ({
    counting: scheme,
    guard: scheme.guard('page_references'),
    Sharing: CountedKmem,
    reserve: (area, config) => placeCounts(scheme, 'page_references', area, config),
    counts: { ...lookAtCounts(scheme), expected, whenFree: 0 },
  }),
};
