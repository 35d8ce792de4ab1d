import { makePte, PAGE_SIZE, pteFlags, ptePa } from '../../src/isa/sv39.js';
import { KernelEvent } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import type { Kalloc } from '../memory/kalloc.js';
import { clearEntry } from './entries.js';
import { type DesignForm, type PageSharing, Resolution, type SharingDesign } from './page-sharing.js';

/** xv6's original fork: every page is copied at once, no frame is ever shared. The baseline. */
export class Eager implements PageSharing {
  constructor(
    private readonly cx: KernelContext,
    private readonly kalloc: Kalloc,
  ) {}

  init(): void {}
  frameAllocated(_pa: number): void {}
  frameReleased(_pa: number): boolean {
    return true;
  }
  mapped(_pagetable: number, _va: number, _pa: number): void {}

  unmap(_pagetable: number, _va: number, pte: number, pa: number): void {
    const { mem } = this.cx;
    clearEntry(mem, pte, pa);
    mem.note(KernelEvent.HoldTaken, pa, 0);
    this.kalloc.kfree(pa);
    mem.note(KernelEvent.HoldDropped, pa, 0);
  }

  share(_parent: number, _child: number, _va: number, parentPte: number, childPte: number): boolean {
    const { mem, counters } = this.cx;
    const pte = mem.load32(parentPte);
    const copy = this.kalloc.kalloc();
    if (copy === 0) return false;
    mem.note(KernelEvent.HoldTaken, copy, 0);
    mem.copy(copy, ptePa(pte), PAGE_SIZE);
    counters.pageCopied();
    mem.store32(childPte, makePte(copy, pteFlags(pte)));
    mem.note(KernelEvent.FrameMapped, childPte, copy);
    mem.note(KernelEvent.HoldDropped, copy, 0);
    return true;
  }

  unshare(_parentPte: number, _before: number): void {}

  resolveWrite(_pagetable: number, _va: number, _pte: number): Resolution {
    return Resolution.Refused;
  }
}

/** Nothing is counted, so nothing can be counted wrongly: one form under both names. */
const only: DesignForm = { guard: 'none', Sharing: Eager, reserve: () => 0 };

export const eager: SharingDesign = {
  name: 'eager',
  summary: 'no sharing: fork copies every page (the baseline)',
  forms: { sound: only, published: only },
};
