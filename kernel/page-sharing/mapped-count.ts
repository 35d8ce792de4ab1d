import { PAGE_SIZE } from '../../src/isa/sv39.js';
import type { SharedAccess } from '../../src/memory/access.js';
import { KERNBASE } from '../../src/memory/map.js';
import { alignUp, array, atomic32, i32 } from '../../src/memory/struct.js';
import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import type { KernelArea, LayoutConfig } from '../layout.js';
import type { Kalloc } from '../memory/kalloc.js';
import { CopyOnWrite } from './copy-on-write.js';
import { type FrameCounts, lookAtCounts, placeCounts } from './counts/counting-scheme.js';
import { frameNumber, framesBelow } from './entries.js';
import { KernelPagetable, kernelTableFrames } from './kernel-pagetable.js';
import type { DesignForm, SharingDesign } from './page-sharing.js';

/**
 * `int32 refs[(PHYSTOP-KERNBASE)/PGSIZE]` in the VM code. The count follows mappings: whatever enters a page into a user
 * page table increments, whatever removes it decrements and frees the frame at 0. The kernel's own page table is built
 * without counting (`kmappages`): counted, every frame would start at 1, and none would ever be freed.
 *
 * The sound form. Published, there was no lock and no atomic: two harts that counted one frame at once lost an increment
 * (the frame was freed while still mapped) or a decrement (never freed), and two decrements could both see 0 (freed
 * twice). One atomic addition counts and tells what it left, so every change counts, and exactly one decrement sees 0.
 * That the count never goes below 0 was claimed by proof; here it is looked at.
 */
export class MappedCount extends CopyOnWrite {
  protected readonly refs: number;

  constructor(cx: KernelContext, kalloc: Kalloc) {
    super(cx, kalloc);
    this.refs = cx.layout.sharing;
  }

  override init(): void {
    const { mem, layout } = this.cx;
    const { physTop } = layout.config;
    new KernelPagetable(mem, this.kernelTableAt(physTop)).kvmmake(physTop);
  }

  /** The kernel's page table follows the counts. */
  protected kernelTableAt(physTop: number): number {
    return alignUp(this.refs + framesBelow(physTop) * i32.size, PAGE_SIZE);
  }

  protected override addMapping(pa: number): void {
    if (this.isCounted(pa)) this.increment(pa);
  }

  protected override drop(pa: number): boolean {
    if (!this.isCounted(pa) || this.decrement(pa) !== 0) return false;
    this.kalloc.kfree(pa);
    return true;
  }

  protected override replace(pagetable: number, va: number, pte: number, old: number, entry: number): boolean {
    return this.remap(pagetable, va, pte, old, entry);
  }

  protected increment(pa: number): void {
    this.cx.mem.atomicAdd32(this.countAt(pa), 1);
  }

  /**
   * What is left. Pairs with the other sharers' decrements: whoever is told 0 and frees the frame comes after all that
   * they did with it.
   */
  protected decrement(pa: number): number {
    const before = this.cx.mem.atomicAdd32(this.countAt(pa), -1) | 0;
    if (before <= 0) panic('refs below 0');
    return before - 1;
  }

  /** Devices have no count: their addresses lie outside the array. */
  protected isCounted(pa: number): boolean {
    return pa >= KERNBASE && pa < this.cx.layout.config.physTop;
  }

  protected countAt(pa: number): number {
    return this.refs + frameNumber(pa) * i32.size;
  }
}

/** As its author wrote it: `refs[i]++` and `--refs[i]`. */
class PublishedMappedCount extends MappedCount {
  protected override increment(pa: number): void {
    const { mem } = this.cx;
    const count = this.countAt(pa);
    mem.store32(count, mem.load32(count) + 1);
  }

  protected override decrement(pa: number): number {
    const { mem } = this.cx;
    const count = this.countAt(pa);
    mem.store32(count, mem.load32(count) - 1);
    return mem.load32(count) | 0;
  }
}

/** With counts that are kept another way. */
class CountedMappings extends MappedCount {
  private readonly counts: FrameCounts;

  constructor(cx: KernelContext, kalloc: Kalloc, counts?: FrameCounts) {
    super(cx, kalloc);
    this.counts = counts ?? panic('no counts');
  }

  protected override increment(pa: number): void {
    this.counts.increment(pa);
  }

  protected override decrement(pa: number): number {
    return this.counts.decrement(pa);
  }

  /** The kernel's page table goes before the counts, whose size is the scheme's. */
  protected override kernelTableAt(physTop: number): number {
    return this.refs - kernelTableFrames(physTop) * PAGE_SIZE;
  }
}

const common: Omit<DesignForm, 'Sharing' | 'guard' | 'reserve'> = {
  counts: {
    count: (mem: SharedAccess, layout, pa) => mem.load32(layout.sharing + frameNumber(pa) * i32.size) | 0,
    expected: (mappings) => mappings,
    whenFree: 0,
  },
};

const reserveOf =
  (type: typeof i32 | typeof atomic32) =>
  (area: KernelArea, { physTop }: LayoutConfig): number => {
    const refs = area.place('refs', array<unknown>(type, framesBelow(physTop)));
    area.frames('kernel_pagetable', kernelTableFrames(physTop));
    return refs;
  };

export const mappedCount: SharingDesign = {
  name: 'mapped-count',
  summary: 'an array of counts that follow mappings, changed by whoever maps and unmaps',
  forms: {
    sound: { ...common, guard: 'atomic', Sharing: MappedCount, reserve: reserveOf(atomic32) },
    published: { ...common, guard: 'none', Sharing: PublishedMappedCount, reserve: reserveOf(i32) },
  },
  countedBy: (scheme) => ({
    counting: scheme,
    guard: scheme.guard('refs'),
    Sharing: CountedMappings,
    reserve(area, config) {
      area.frames('kernel_pagetable', kernelTableFrames(config.physTop));
      return placeCounts(scheme, 'refs', area, config);
    },
    counts: { ...lookAtCounts(scheme), expected: (mappings) => mappings, whenFree: 0 },
  }),
};
