import { makePte, PAGE_SIZE, PTE_FLAGS, Pte, ptePa } from '../../../src/isa/sv39.js';
import { KernelEvent } from '../../../src/memory/access.js';
import type { KernelContext } from '../../context.js';
import type { KernelArea } from '../../layout.js';
import type { Kalloc } from '../../memory/kalloc.js';
import type { KernelParts } from '../../parts.js';
import { PTE_COW, privateFlags } from '../entries.js';
import { type DesignForm, type PageSharing, Resolution, type SharingDesign } from '../page-sharing.js';
import { ForkTreeVm, UnguardedForkTreeVm } from './fork-tree-vm.js';
import { inspectForkTree } from './inspect.js';
import { ForkTree, locksOf, treeLocks, UnguardedForkTree } from './tree.js';

/**
 * Nothing is counted. Fork makes a tree of page tables, and whoever writes a shared page, or gives it back, walks the tree
 * to see whether anybody else maps the frame: the last sharer keeps the page when it writes, and frees it when it leaves.
 * Somebody asked whether that would do in place of counts, and was told that a write should not take as many steps as there
 * are processes. It takes no memory, and a fork takes one lock once.
 *
 * Nobody has published it. As `published` stands here what the question left out: nobody takes a lock, since there is
 * nothing to count. Two who leave a page at once each see the other, and nobody frees it, or each sees that the other
 * has gone, and both do; and a walk meets page tables that somebody is freeing.
 *
 * The sound form: who leaves a page takes it out of its page table and looks for others with the tree's lock held, so
 * that exactly one of those who leave it sees nobody. A page that is found to be alone may be written after the lock is
 * released: nobody but this process could share it with anyone, and it is here. fork shares pages without the lock: the
 * frame stays mapped by the parent meanwhile, for whoever looks. What a process may write nobody shares, and it does not look.
 */
export class ForkTreeSharing implements PageSharing {
  protected readonly tree: ForkTree;

  constructor(
    protected readonly cx: KernelContext,
    protected readonly kalloc: Kalloc,
  ) {
    this.tree = new ForkTree(cx);
  }

  init(): void {}
  frameAllocated(_pa: number): void {}
  frameReleased(_pa: number): boolean {
    return true;
  }
  mapped(_pagetable: number, _va: number, _pa: number): void {}

  unmap(pagetable: number, va: number, pte: number, pa: number): void {
    const { mem } = this.cx;
    const isAlone = (mem.load32(pte) & Pte.W) !== 0;
    mem.note(KernelEvent.HoldTaken, pa, 0);
    if (isAlone) this.clear(pte, pa);
    if (isAlone || this.isLast(pagetable, va, pa, () => this.clear(pte, pa))) this.kalloc.kfree(pa);
    mem.note(KernelEvent.HoldDropped, pa, 0);
  }

  share(_parent: number, _child: number, _va: number, parentPte: number, childPte: number): boolean {
    const { mem, counters } = this.cx;
    let entry = mem.load32(parentPte);
    if ((entry & Pte.W) !== 0) {
      entry = (entry & ~Pte.W) | PTE_COW;
      mem.atomicStore32(parentPte, entry);
    }
    const pa = ptePa(entry);
    mem.note(KernelEvent.HoldTaken, pa, 0);
    mem.atomicStore32(childPte, entry);
    mem.note(KernelEvent.FrameMapped, childPte, pa);
    mem.note(KernelEvent.HoldDropped, pa, 0);
    counters.pageShared();
    return true;
  }

  unshare(parentPte: number, before: number): void {
    this.cx.mem.atomicStore32(parentPte, before);
  }

  resolveWrite(pagetable: number, va: number, pte: number): Resolution {
    const { mem, counters } = this.cx;
    const entry = mem.load32(pte);
    if ((entry & PTE_COW) === 0) return Resolution.Refused;
    const old = ptePa(entry);
    const flags = privateFlags(entry & PTE_FLAGS);
    if (!this.isShared(pagetable, va, old)) {
      mem.atomicStore32(pte, makePte(old, flags));
      counters.pageReused();
      return Resolution.Writable;
    }
    const fresh = this.kalloc.kalloc();
    if (fresh === 0) return Resolution.NoMemory;
    mem.note(KernelEvent.HoldTaken, fresh, 0);
    mem.copy(fresh, old, PAGE_SIZE);
    counters.pageCopied();
    mem.note(KernelEvent.HoldTaken, old, 0);
    const last = this.isLast(pagetable, va, old, () => {
      mem.atomicStore32(pte, makePte(fresh, flags));
      mem.note(KernelEvent.FrameUnmapped, pte, old);
      mem.note(KernelEvent.FrameMapped, pte, fresh);
    });
    mem.note(KernelEvent.HoldDropped, fresh, 0);
    if (last) {
      // The others have left while this hart was copying.
      this.kalloc.kfree(old);
      counters.copiedNeedlessly();
    }
    mem.note(KernelEvent.HoldDropped, old, 0);
    return Resolution.Writable;
  }

  protected isShared(pagetable: number, va: number, pa: number): boolean {
    this.tree.enter(pagetable);
    const isShared = this.tree.isShared(pagetable, va, pa);
    this.tree.leave(pagetable);
    return isShared;
  }

  /** Takes the frame out of the page table. Whether nobody maps it any more. */
  protected isLast(pagetable: number, va: number, pa: number, takeOut: () => void): boolean {
    this.tree.enter(pagetable);
    takeOut();
    const isLast = !this.tree.isShared(pagetable, va, pa);
    this.tree.leave(pagetable);
    return isLast;
  }

  private clear(pte: number, pa: number): void {
    const { mem } = this.cx;
    mem.atomicStore32(pte, 0);
    mem.note(KernelEvent.FrameUnmapped, pte, pa);
  }
}

class PublishedForkTree extends ForkTreeSharing {
  protected override readonly tree = new UnguardedForkTree(this.cx);
}

const common: Pick<DesignForm, 'reserve' | 'inspect'> = {
  reserve(area: KernelArea): number {
    const at = area.place('fork_tree', treeLocks);
    for (const lock of locksOf(at)) area.lock('fork_tree', lock);
    return at;
  },
  inspect: inspectForkTree,
};

export const forkTree: SharingDesign = {
  name: 'fork-tree',
  summary: 'no counts: a tree of page tables that grows with fork and shrinks with exit; a write walks it',
  forms: {
    sound: {
      ...common,
      guard: 'fork_tree',
      Sharing: ForkTreeSharing,
      parts: (base: KernelParts) => ({ ...base, Vm: ForkTreeVm }),
    },
    published: {
      ...common,
      guard: 'none',
      Sharing: PublishedForkTree,
      parts: (base: KernelParts) => ({ ...base, Vm: UnguardedForkTreeVm }),
    },
  },
};
