import { makePte, PAGE_SIZE, Pte, ptePa } from '../../src/isa/sv39.js';
import { KernelEvent } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import type { Kalloc } from '../memory/kalloc.js';
import { clearEntry, PTE_COW, privateFlags } from './entries.js';
import { type PageSharing, Resolution } from './page-sharing.js';

/**
 * Copy-on-write in its simplest shape, of which several designs are made: fork maps the same frames in both, read-only;
 * every write to one of them copies it, even for the last sharer. What a design adds is where the count of a frame's
 * mappings lives, and who guards it.
 *
 * Why nothing can go wrong between two harts when the count itself is right: a frame's count includes the mapping of
 * whoever works on it, until its own `drop`, the last thing it does to the frame. So a count can only reach 0 when
 * nobody works on the frame, and only by the one drop that made it 0; fork adds to the count of a frame that the forking
 * process maps, so never to 0; and a shared frame's content does not change, as no entry grants the write. That covers
 * two write faults on the last two references at once (both copy; the later drop frees), a fault against an exit, and
 * against a fork.
 */
export abstract class CopyOnWrite implements PageSharing {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly kalloc: Kalloc,
  ) {}

  /** A second or later mapping of the frame is about to be entered. */
  protected abstract addMapping(pa: number): void;
  /** A mapping of the frame is gone: frees the frame, and says so, when it was the last. */
  protected abstract drop(pa: number): boolean;

  init(): void {}
  frameAllocated(_pa: number): void {}
  frameReleased(_pa: number): boolean {
    return true;
  }

  mapped(_pagetable: number, _va: number, pa: number): void {
    this.addMapping(pa);
  }

  unmap(_pagetable: number, _va: number, pte: number, pa: number): void {
    const { mem } = this.cx;
    clearEntry(mem, pte, pa);
    mem.note(KernelEvent.HoldTaken, pa, 0);
    this.drop(pa);
    mem.note(KernelEvent.HoldDropped, pa, 0);
  }

  share(_parent: number, _child: number, _va: number, parentPte: number, childPte: number): boolean {
    const { mem, counters } = this.cx;
    let entry = mem.load32(parentPte);
    if ((entry & Pte.W) !== 0) {
      entry = (entry & ~Pte.W) | PTE_COW;
      mem.store32(parentPte, entry);
    }
    const pa = ptePa(entry);
    mem.note(KernelEvent.HoldTaken, pa, 0);
    this.addMapping(pa);
    mem.store32(childPte, entry);
    mem.note(KernelEvent.FrameMapped, childPte, pa);
    mem.note(KernelEvent.HoldDropped, pa, 0);
    counters.pageShared();
    return true;
  }

  unshare(parentPte: number, before: number): void {
    this.cx.mem.store32(parentPte, before);
  }

  resolveWrite(pagetable: number, va: number, pte: number): Resolution {
    const { mem, counters } = this.cx;
    const entry = mem.load32(pte);
    if ((entry & PTE_COW) === 0) return Resolution.Refused;
    const old = ptePa(entry);
    const fresh = this.kalloc.kalloc();
    if (fresh === 0) return Resolution.NoMemory;
    mem.note(KernelEvent.HoldTaken, fresh, 0);
    mem.copy(fresh, old, PAGE_SIZE);
    counters.pageCopied();
    mem.note(KernelEvent.HoldTaken, old, 0);
    // The last sharer copied what it could have kept: the design's way, and its cost.
    if (this.replace(pagetable, va, pte, old, makePte(fresh, privateFlags(entry)))) counters.copiedNeedlessly();
    mem.note(KernelEvent.HoldDropped, fresh, 0);
    mem.note(KernelEvent.HoldDropped, old, 0);
    return Resolution.Writable;
  }

  /**
   * Has the entry, which maps the frame `old`, map the one in `entry` instead. Whether `old` was freed.
   *
   * The entry first, the reference after it: until then the old frame is mapped here, and counted.
   */
  protected replace(pagetable: number, va: number, pte: number, old: number, entry: number): boolean {
    this.rewrite(pagetable, va, pte, old, entry);
    return this.drop(old);
  }

  /** Has the entry map another frame, whose first mapping it is. The old frame's reference stays. */
  protected rewrite(pagetable: number, va: number, pte: number, old: number, entry: number): void {
    const { mem } = this.cx;
    this.mapped(pagetable, va, ptePa(entry));
    mem.store32(pte, entry);
    mem.note(KernelEvent.FrameUnmapped, pte, old);
    mem.note(KernelEvent.FrameMapped, pte, ptePa(entry));
  }

  /** A `replace` in two steps, as uvmunmap and mappages would do them: the old mapping goes before the new one is made. */
  protected remap(pagetable: number, va: number, pte: number, old: number, entry: number): boolean {
    const { mem } = this.cx;
    clearEntry(mem, pte, old);
    const last = this.drop(old);
    if ((mem.load32(pte) & Pte.V) !== 0) panic('mappages: remap');
    this.mapped(pagetable, va, ptePa(entry));
    mem.store32(pte, entry);
    mem.note(KernelEvent.FrameMapped, pte, ptePa(entry));
    return last;
  }
}
