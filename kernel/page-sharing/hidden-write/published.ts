import { makePte, PAGE_SIZE, PTE_FLAGS, Pte, ptePa } from '../../../src/isa/sv39.js';
import { leafAddress } from '../../../src/isa/sv39-walk.js';
import { KernelEvent } from '../../../src/memory/access.js';
import type { KernelContext } from '../../context.js';
import type { Kalloc } from '../../memory/kalloc.js';
import { proc } from '../../process/proc-struct.js';
import { clearEntry, frameNumber } from '../entries.js';
import { type PageSharing, Resolution } from '../page-sharing.js';
import { hide, PTE_WHIDE, publishedShared, recordsAt, reveal, shares, sharesAt } from './shares.js';

/**
 * As its author wrote it. What guarded the count is not told; here it is a lock, so that what is wrong is the design's
 * own: the walk through the page tables of processes that run, fork, fault and exit meanwhile.
 */
export class PublishedHiddenWrite implements PageSharing {
  private readonly lock: number;
  private readonly records: number;

  constructor(
    private readonly cx: KernelContext,
    private readonly kalloc: Kalloc,
  ) {
    this.lock = shares.fields.lock.at(sharesAt(cx.layout));
    this.records = recordsAt(cx.layout);
  }

  init(): void {}
  frameAllocated(_pa: number): void {}
  frameReleased(_pa: number): boolean {
    return true;
  }
  mapped(_pagetable: number, _va: number, _pa: number): void {}

  unmap(_pagetable: number, va: number, pte: number, pa: number): void {
    const { mem } = this.cx;
    clearEntry(mem, pte, pa);
    mem.note(KernelEvent.HoldTaken, pa, 0);
    this.deshare(va, pa);
    mem.note(KernelEvent.HoldDropped, pa, 0);
  }

  share(_parent: number, _child: number, _va: number, parentPte: number, childPte: number): boolean {
    const { mem, spin, counters } = this.cx;
    const { others } = publishedShared.fields;
    const before = mem.load32(parentPte);
    const entry = hide(before);
    const pa = ptePa(entry);
    if (entry !== before) mem.store32(parentPte, entry);
    mem.note(KernelEvent.HoldTaken, pa, 0);
    spin.acquire(this.lock);
    others.store(mem, this.recordOf(pa), others.load(mem, this.recordOf(pa)) + 1);
    spin.release(this.lock);
    mem.store32(childPte, entry);
    mem.note(KernelEvent.FrameMapped, childPte, pa);
    mem.note(KernelEvent.HoldDropped, pa, 0);
    counters.pageShared();
    return true;
  }

  unshare(_parentPte: number, _before: number): void {}

  resolveWrite(_pagetable: number, va: number, pte: number): Resolution {
    const { mem, counters } = this.cx;
    const entry = mem.load32(pte);
    if ((entry & Pte.W) !== 0) return Resolution.Stale;
    if ((entry & PTE_WHIDE) === 0) return Resolution.Refused;
    const old = ptePa(entry);
    const fresh = this.kalloc.kalloc();
    if (fresh === 0) return Resolution.NoMemory;
    mem.note(KernelEvent.HoldTaken, fresh, 0);
    mem.copy(fresh, old, PAGE_SIZE);
    counters.pageCopied();
    mem.note(KernelEvent.HoldTaken, old, 0);
    mem.store32(pte, makePte(fresh, reveal(entry & PTE_FLAGS)));
    mem.note(KernelEvent.FrameUnmapped, pte, old);
    mem.note(KernelEvent.FrameMapped, pte, fresh);
    mem.note(KernelEvent.HoldDropped, fresh, 0);
    this.deshare(va, old);
    mem.note(KernelEvent.HoldDropped, old, 0);
    return Resolution.Writable;
  }

  private deshare(va: number, pa: number): void {
    const { mem, spin } = this.cx;
    const { others } = publishedShared.fields;
    spin.acquire(this.lock);
    const before = others.load(mem, this.recordOf(pa));
    if (before !== 0) others.store(mem, this.recordOf(pa), before - 1);
    spin.release(this.lock);
    if (before === 0) this.kalloc.kfree(pa);
    else if (before === 1) this.giveBack(va, pa);
  }

  private giveBack(va: number, pa: number): void {
    const { mem, layout, counters } = this.cx;
    for (const p of layout.procs) {
      const root = proc.fields.pagetable.load(mem, p);
      const pte = root === 0 ? 0 : leafAddress(mem, root, va);
      const entry = pte === 0 ? 0 : mem.load32(pte);
      if ((entry & Pte.V) === 0 || ptePa(entry) !== pa) continue;
      mem.store32(pte, reveal(entry));
      counters.pageGivenBack();
      return;
    }
  }

  private recordOf(pa: number): number {
    return this.records + frameNumber(pa) * publishedShared.size;
  }
}
