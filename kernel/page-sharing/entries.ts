import { PTE_FLAGS, Pte } from '../../src/isa/sv39.js';
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
