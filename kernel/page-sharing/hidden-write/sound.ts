import { makePte, PAGE_SIZE, PTE_FLAGS, Pte, ptePa } from '../../../src/isa/sv39.js';
import { leafAddress } from '../../../src/isa/sv39-walk.js';
import { KernelEvent } from '../../../src/memory/access.js';
import type { KernelContext } from '../../context.js';
import type { Kalloc } from '../../memory/kalloc.js';
import { Vm } from '../../memory/vm.js';
import { clearEntry, frameNumber, PTE_COW } from '../entries.js';
import { type PageSharing, Resolution } from '../page-sharing.js';
import { RemoteFlush } from './remote-flush.js';
import { hide, PTE_WHIDE, recordsAt, reveal, shared, shares, sharesAt } from './shares.js';

/**
 * A page that has lost all sharers but one is given back to that one at once: `deshare` restores the write permission in
 * its page table, whichever process it is, so that it never faults for it. Page tables themselves are never shared: sbrk
 * would unmap for both.
 *
 * The sound form. Published, the last sharer was searched for in the page tables of all processes and its entry was
 * rewritten then and there, while another hart might free that page table, unmap or copy the page, or fork: the right to
 * write came back to a page that by then had a second sharer again, or to an entry that had become another. And no TLB
 * was told. The mending:
 *
 * - One lock guards the shares of a frame *and* every change of an entry that maps a shared one. Whoever sees a count
 *   under the lock sees entries that agree with it.
 * - Nobody searches. A frame's record holds the exclusive or of the page tables that map it; when one is left, it *is*
 *   that page table, and the page is where it was when it was shared, at the same address: only fork shares. Its tables
 *   on the way there exist as long as it maps the page, so to walk them is safe.
 * - The other hart's TLB is flushed, if that address space runs. To be safe it would not have to be: a translation
 *   that grants less than the page table costs a store fault, which the handler takes for a stale translation.
 *
 * An entry that is not PTE_COW belongs to a frame that is not shared; only its own process can change that.
 */
export class HiddenWrite implements PageSharing {
  protected readonly lock: number;
  private readonly records: number;
  private readonly remote: RemoteFlush;

  constructor(
    protected readonly cx: KernelContext,
    protected readonly kalloc: Kalloc,
  ) {
    this.lock = shares.fields.lock.at(sharesAt(cx.layout));
    this.records = recordsAt(cx.layout);
    this.remote = new RemoteFlush(cx, cx.layout.sharing);
  }

  init(): void {}
  frameAllocated(_pa: number): void {}
  frameReleased(_pa: number): boolean {
    return true;
  }
  mapped(_pagetable: number, _va: number, _pa: number): void {}

  unmap(pagetable: number, va: number, pte: number, pa: number): void {
    const { mem, spin } = this.cx;
    // Pairs with the store in `giveBack`: who sees the entry given back sees the frame as the others left it.
    const alone = (mem.atomicLoad32(pte) & PTE_COW) === 0;
    if (!alone) spin.acquire(this.lock);
    clearEntry(mem, pte, pa);
    mem.note(KernelEvent.HoldTaken, pa, 0);
    const last = alone || !this.deshare(pagetable, va, pa);
    if (!alone) spin.release(this.lock);
    if (last) this.kalloc.kfree(pa);
    mem.note(KernelEvent.HoldDropped, pa, 0);
  }

  share(parent: number, child: number, _va: number, parentPte: number, childPte: number): boolean {
    const { mem, spin, counters } = this.cx;
    const { others, roots } = shared.fields;
    spin.acquire(this.lock);
    const before = mem.load32(parentPte);
    const entry = hide(before);
    const pa = ptePa(entry);
    if (entry !== before) mem.store32(parentPte, entry);
    mem.note(KernelEvent.HoldTaken, pa, 0);
    const record = this.recordOf(pa);
    const already = others.load(mem, record);
    roots.store(mem, record, ((already === 0 ? parent : roots.load(mem, record)) ^ child) >>> 0);
    others.store(mem, record, already + 1);
    mem.store32(childPte, entry);
    mem.note(KernelEvent.FrameMapped, childPte, pa);
    mem.note(KernelEvent.HoldDropped, pa, 0);
    spin.release(this.lock);
    counters.pageShared();
    return true;
  }

  /** The child's page is unmapped, so the parent has its right back if it is alone; and if not, it never had it. */
  unshare(_parentPte: number, _before: number): void {}

  resolveWrite(pagetable: number, va: number, pte: number): Resolution {
    const { mem, spin, counters } = this.cx;
    const entry = mem.atomicLoad32(pte);
    if ((entry & Pte.W) !== 0) return Resolution.Stale;
    if ((entry & PTE_WHIDE) === 0) return Resolution.Refused;
    const old = ptePa(entry);
    const fresh = this.kalloc.kalloc();
    if (fresh === 0) return Resolution.NoMemory;
    mem.note(KernelEvent.HoldTaken, fresh, 0);
    // Without the lock: the old frame stays as long as this entry maps it, and nobody writes to it meanwhile.
    mem.copy(fresh, old, PAGE_SIZE);
    counters.pageCopied();
    spin.acquire(this.lock);
    const stillShared = (mem.load32(pte) & PTE_COW) !== 0;
    if (stillShared) {
      mem.note(KernelEvent.HoldTaken, old, 0);
      mem.store32(pte, makePte(fresh, reveal(entry & PTE_FLAGS)));
      mem.note(KernelEvent.FrameUnmapped, pte, old);
      mem.note(KernelEvent.FrameMapped, pte, fresh);
      this.deshare(pagetable, va, old);
      mem.note(KernelEvent.HoldDropped, old, 0);
    }
    spin.release(this.lock);
    if (!stillShared) {
      // The others have left while this hart was copying, and it was given the page back.
      counters.copiedNeedlessly();
      this.kalloc.kfree(fresh);
    }
    mem.note(KernelEvent.HoldDropped, fresh, 0);
    return stillShared ? Resolution.Writable : Resolution.Stale;
  }

  /**
   * The page table at `root` does not map the frame any more. false when nobody else does; when one is left, it gets its
   * right to write back. The lock must be held.
   */
  private deshare(root: number, va: number, pa: number): boolean {
    const { mem } = this.cx;
    const { others, roots } = shared.fields;
    const record = this.recordOf(pa);
    const before = others.load(mem, record);
    if (before === 0) return false;
    const left = (roots.load(mem, record) ^ root) >>> 0;
    others.store(mem, record, before - 1);
    roots.store(mem, record, before === 1 ? 0 : left);
    if (before === 1) this.giveBack(left, va);
    return true;
  }

  /** The lock must be held. */
  protected giveBack(root: number, va: number): void {
    const { mem, counters } = this.cx;
    const pte = leafAddress(mem, root, va);
    // Atomic, as the other hart looks at its entries without the lock: pairs with `EntriesOthersWrite.entryAt`.
    mem.atomicStore32(pte, reveal(mem.load32(pte)));
    counters.pageGivenBack();
    this.remote.request(root);
  }

  private recordOf(pa: number): number {
    return this.records + frameNumber(pa) * shared.size;
  }
}

/** Entries of a page table that other harts may write: each is one word, so a look at it finds the old or the new one. */
export class EntriesOthersWrite extends Vm {
  override entryAt(pte: number): number {
    return this.cx.mem.atomicLoad32(pte);
  }
}
