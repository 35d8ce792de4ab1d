import {
  LEVELS,
  MAXVA,
  makePte,
  PAGE_SIZE,
  PTE_SIZE,
  Pte,
  pageOffset,
  pageRoundUp,
  ptePa,
  px,
} from '../../src/isa/sv39.js';
import { KernelEvent } from '../../src/memory/access.js';
import { KERNBASE } from '../../src/memory/map.js';
import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import { clearEntry } from '../page-sharing/entries.js';
import { type PageSharing, Resolution } from '../page-sharing/page-sharing.js';
import { cpu } from '../process/cpu.js';
import { proc } from '../process/proc-struct.js';
import { isBeforeAnother, lastOfMissingTable } from './holes.js';
import type { Kalloc } from './kalloc.js';

/**
 * Page table entries are read and written as plain 32-bit words, as C would: RAM ends below 2^32, so the upper word of an
 * entry is always 0.
 *
 * The hardware walker sets A and D by compare-exchange, which would race with a plain read-modify-write. Leaf entries
 * are therefore created with A and D set, so the walker never has anything to write to them (xv6 leaves that to the
 * hardware, which is free to differ). What remains are writes to an entry that some hart's walker reads: each is one
 * store of a whole new value, and whoever makes it sees to the TLB flush.
 */
const ACCESSED = Pte.A | Pte.D;

/** User address spaces: their page tables and the memory behind them. */
export class Vm {
  /** Parent's entries before the fork under way changed them, by page; only ever read within that one uvmcopy. */
  protected readonly before = new Map<number, number>();

  constructor(
    protected readonly cx: KernelContext,
    protected readonly kalloc: Kalloc,
    protected readonly sharing: PageSharing,
  ) {}

  /**
   * Physical address of the leaf entry for `va`, which must be below MAXVA. With `alloc`, creates the tables on the way.
   * 0 when a table is missing, or there was no memory for it.
   */
  walk(pagetable: number, va: number, alloc: boolean): number {
    const { mem } = this.cx;
    if (!(va >= 0 && va < MAXVA)) panic('walk');
    let table = pagetable;
    for (let level = LEVELS - 1; level > 0; level--) {
      const at = table + px(level, va) * PTE_SIZE;
      const pte = mem.load32(at);
      if ((pte & Pte.V) !== 0) {
        table = ptePa(pte);
        continue;
      }
      if (!alloc) return 0;
      table = this.uvmcreate();
      if (table === 0) return 0;
      this.enterAt(at, makePte(table, Pte.V));
    }
    return table + px(0, va) * PTE_SIZE;
  }

  /** An empty page table, or 0 when there is no memory. */
  uvmcreate(): number {
    const table = this.kalloc.kalloc();
    if (table !== 0) this.cx.mem.fill(table, 0, PAGE_SIZE);
    return table;
  }

  /** Maps the user page at `va` (page aligned) to the frame. false: no memory for a table. Panics when `va` is mapped. */
  mappages(pagetable: number, va: number, pa: number, permissions: number): boolean {
    const { mem } = this.cx;
    const pte = this.walk(pagetable, va, true);
    if (pte === 0) return false;
    if ((mem.load32(pte) & Pte.V) !== 0) panic('mappages: remap');
    if (this.isMemory(pa)) this.sharing.mapped(pagetable, va, pa);
    this.enterAt(pte, makePte(pa, permissions | ACCESSED | Pte.V));
    mem.note(KernelEvent.FrameMapped, pte, pa);
    return true;
  }

  /** Removes the mappings of `pages` pages from `va` on, and drops what they refer to. */
  uvmunmap(pagetable: number, va: number, pages: number): void {
    const { mem } = this.cx;
    const end = va + pages * PAGE_SIZE;
    let pte = 0;
    for (; va < end; va += PAGE_SIZE) {
      pte = this.nextLeaf(pagetable, va, pte);
      const entry = pte === 0 ? 0 : this.entryAt(pte);
      if ((entry & Pte.V) === 0) {
        va = this.lastOfHole(pagetable, va, pte, 'uvmunmap: not mapped');
        continue;
      }
      const pa = ptePa(entry);
      if (this.isMemory(pa)) this.sharing.unmap(pagetable, va, pte, pa);
      else clearEntry(mem, pte, pa);
    }
  }

  /** Grows the memory of a process from `oldsz` to `newsz` bytes, zeroed. false: no memory, and nothing has changed. */
  uvmalloc(pagetable: number, oldsz: number, newsz: number, permissions: number): boolean {
    const start = pageRoundUp(oldsz);
    for (let va = start; va < newsz; va += PAGE_SIZE) {
      if (this.addPage(pagetable, va, permissions)) continue;
      this.uvmunmap(pagetable, start, (va - start) / PAGE_SIZE);
      return false;
    }
    return true;
  }

  /** A zeroed page at `va`. false: no memory, and nothing has changed. */
  private addPage(pagetable: number, va: number, permissions: number): boolean {
    const { mem } = this.cx;
    const pa = this.kalloc.kalloc();
    if (pa === 0) return false;
    mem.note(KernelEvent.HoldTaken, pa, 0);
    mem.fill(pa, 0, PAGE_SIZE);
    const done = this.mappages(pagetable, va, pa, permissions | Pte.R | Pte.U);
    mem.note(KernelEvent.HoldDropped, pa, 0);
    if (!done) this.kalloc.kfree(pa);
    return done;
  }

  /** Promises the memory from `oldsz` to `newsz` bytes: each page comes when it is first touched. false: the promise cannot be noted. */
  uvmpromise(_pagetable: number, _oldsz: number, _newsz: number): boolean {
    return true;
  }

  /** The running process, whose page table it is, touched the page at `va`, which is not there: gives it what was promised. */
  vmfault(pagetable: number, va: number): Resolution {
    if (!this.isPromised(pagetable, va)) return Resolution.Refused;
    return this.addPage(pagetable, va - pageOffset(va), Pte.W) ? Resolution.Filled : Resolution.NoMemory;
  }

  /** Whether `va` is memory of the running process that it has not touched yet. */
  private isPromised(pagetable: number, va: number): boolean {
    const { mem, abi } = this.cx;
    if (!abi.lazySbrk) return false;
    const p = cpu.fields.proc.load(mem, this.cx.cpu);
    if (p === 0 || proc.fields.pagetable.load(mem, p) !== pagetable) return false;
    if (!(va >= 0 && va < proc.fields.sz.load(mem, p))) return false;
    const pte = this.walk(pagetable, va, false);
    return pte === 0 || (this.entryAt(pte) & Pte.V) === 0;
  }

  /** Shrinks it from `oldsz` to `newsz` bytes. */
  uvmdealloc(pagetable: number, oldsz: number, newsz: number): void {
    const end = pageRoundUp(newsz);
    const pages = (pageRoundUp(oldsz) - end) / PAGE_SIZE;
    if (pages > 0) this.uvmunmap(pagetable, end, pages);
  }

  /** Frees the memory of `sz` bytes, then the page table. */
  uvmfree(pagetable: number, sz: number): void {
    this.uvmunmap(pagetable, 0, pageRoundUp(sz) / PAGE_SIZE);
    this.emptied(pagetable);
    this.freewalk(pagetable, LEVELS - 1);
  }

  /** The page table maps nothing any more, and its tables are about to go. */
  protected emptied(_pagetable: number): void {}

  /** A new entry of a page table, or the address of a new table. */
  protected enterAt(at: number, entry: number): void {
    this.cx.mem.store32(at, entry);
  }

  /** Frees a page table, whose leaf mappings must be gone. */
  private freewalk(table: number, level: number): void {
    const { mem } = this.cx;
    if (level > 0) {
      for (let at = table; at < table + PAGE_SIZE; at += PTE_SIZE) {
        const pte = mem.load32(at);
        if ((pte & Pte.V) === 0) continue;
        mem.store32(at, 0);
        mem.note(KernelEvent.HoldTaken, ptePa(pte), 0);
        this.freewalk(ptePa(pte), level - 1);
        mem.note(KernelEvent.HoldDropped, ptePa(pte), 0);
      }
    }
    this.kalloc.kfree(table);
  }

  /**
   * Gives the child what the parent has in its first `sz` bytes, in the design's way. The parent runs on this hart, the
   * child not yet anywhere; the caller flushes the parent's TLB, whatever the outcome.
   * false: no memory; the child has no mappings, and the parent's are as they were.
   */
  uvmcopy(parent: number, child: number, sz: number): boolean {
    const size = pageRoundUp(sz);
    this.before.clear();
    let parentPte = 0;
    let childPte = 0;
    for (let va = 0; va < size; va += PAGE_SIZE) {
      parentPte = this.nextLeaf(parent, va, parentPte);
      const entry = parentPte === 0 ? 0 : this.entryAt(parentPte);
      if ((entry & Pte.V) === 0) {
        va = this.lastOfHole(parent, va, parentPte, 'uvmcopy: page not present');
        childPte = 0;
        continue;
      }
      childPte = isBeforeAnother(childPte) ? childPte + PTE_SIZE : this.walk(child, va, true);
      if (childPte !== 0 && !this.isMemory(ptePa(entry))) {
        this.enterAt(childPte, entry);
      } else if (childPte === 0 || !this.sharing.share(parent, child, va, parentPte, childPte)) {
        this.undoCopy(parent, child, va / PAGE_SIZE);
        return false;
      }
      this.before.set(va / PAGE_SIZE, entry);
    }
    return true;
  }

  protected undoCopy(parent: number, child: number, pages: number): void {
    this.uvmunmap(child, 0, pages);
    this.giveRightsBack(parent);
  }

  /** All that the parent has lost by the fork that failed. */
  protected giveRightsBack(parent: number): void {
    let pte = 0;
    let next = 0;
    for (const [page, entry] of this.before) {
      pte = this.nextLeaf(parent, page * PAGE_SIZE, page === next ? pte : 0);
      next = page + 1;
      if (this.isMemory(ptePa(entry))) this.sharing.unshare(pte, entry);
    }
  }

  /** Whether an entry maps a frame of RAM. Anything else is a device: nobody counts it, and nobody frees it. */
  protected isMemory(pa: number): boolean {
    return pa >= KERNBASE && pa < this.cx.layout.config.physTop;
  }

  /** Takes the user's access to the page away: the guard page below the stack. */
  uvmclear(pagetable: number, va: number): void {
    const { mem } = this.cx;
    const pte = this.walk(pagetable, va, false);
    if (pte === 0) panic('uvmclear');
    this.enterAt(pte, mem.load32(pte) & ~Pte.U);
  }

  /** Makes the user page that holds `va` writable if the process has the right to write there: store faults and copyout. */
  resolveWrite(pagetable: number, va: number): Resolution {
    const pte = this.userPte(pagetable, va);
    if (pte === 0) return this.vmfault(pagetable, va);
    if ((this.entryAt(pte) & Pte.W) !== 0) return Resolution.Stale;
    return this.sharing.resolveWrite(pagetable, va - pageOffset(va), pte);
  }

  /** Leaf entry of a valid page that the user may access; 0 for anything else, MAXVA and above included. */
  userPte(pagetable: number, va: number): number {
    if (!(va >= 0 && va < MAXVA)) return 0;
    const pte = this.walk(pagetable, va, false);
    if (pte === 0) return 0;
    const entry = this.entryAt(pte);
    return (entry & (Pte.V | Pte.U)) === (Pte.V | Pte.U) ? pte : 0;
  }

  /** What stands in a leaf entry of a process that this hart runs, creates or reaps. */
  entryAt(pte: number): number {
    return this.cx.mem.load32(pte);
  }

  /** Leaf entry for the page after the one that `previous` (0: none) stands for: beside it, but at the start of a table. */
  protected nextLeaf(pagetable: number, va: number, previous: number): number {
    return isBeforeAnother(previous) ? previous + PTE_SIZE : this.walk(pagetable, va, false);
  }

  /**
   * The page at `va`, which is not there and whose leaf entry is `pte`, or the last one for which the same table is
   * missing. Panics with `what` where sbrk leaves no holes.
   */
  private lastOfHole(pagetable: number, va: number, pte: number, what: string): number {
    if (!this.cx.abi.lazySbrk) panic(what);
    if (pte !== 0) return va;
    return lastOfMissingTable(this.cx.mem, pagetable, va);
  }
}
