import { LEVELS, PTE_FLAGS, PTE_SIZE, Pte, ptePa, px } from '../../src/isa/sv39.js';
import { KernelEvent, type SharedAccess } from '../../src/memory/access.js';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';

/** Empties a leaf entry, which maps the page at `pa`. */
export function clearEntry(mem: SharedAccess, pte: number, pa: number): void {
  mem.store32(pte, 0);
  mem.note(KernelEvent.FrameUnmapped, pte, pa);
}

/** Flags of `entry` for a private copy of its page, which the process may write. */
export function privateFlags(entry: number): number {
  return (entry & PTE_FLAGS & ~PTE_COW) | Pte.W;
}

/** Marks a page that is writable for its owner but shared: a write makes a private copy first. */
export const PTE_COW = Pte.RSW0;

/** Number of the frame at `pa`, counted from the start of RAM: the index of every design's array. */
export function frameNumber(pa: number): number {
  return (pa - KERNBASE) / PGSIZE;
}

/** Length of such an array. */
export function framesBelow(physTop: number): number {
  return (physTop - KERNBASE) / PGSIZE;
}

/** Address of the leaf entry for `va`, below MAXVA, or 0 where a table is missing: `walk` for those who have no Vm. */
export function leafAddress(mem: SharedAccess, pagetable: number, va: number): number {
  let table = pagetable;
  for (let level = LEVELS - 1; level > 0; level--) {
    const pte = mem.load32(table + px(level, va) * PTE_SIZE);
    if ((pte & Pte.V) === 0) return 0;
    table = ptePa(pte);
  }
  return table + px(0, va) * PTE_SIZE;
}
