import { Pte } from '../../../src/isa/sv39.js';
import { struct, u32 } from '../../../src/memory/struct.js';
import type { KernelLayout } from '../../layout.js';
import { spinlock } from '../../locks/spinlock.js';
import { PTE_COW } from '../entries.js';
import { remoteFlushSize } from './remote-flush.js';

/** The page was writable before it was shared. What lacks it, text above all, never becomes writable. */
export const PTE_WHIDE = Pte.RSW1;

/** The entry as it is while its page is shared, and as it is when it is not. */
export function hide(entry: number): number {
  if ((entry & PTE_COW) !== 0) return entry;
  const hidden = (entry & Pte.W) !== 0 ? PTE_WHIDE : 0;
  return (entry & ~Pte.W) | PTE_COW | hidden;
}
export function reveal(entry: number): number {
  const write = (entry & PTE_WHIDE) !== 0 ? Pte.W : 0;
  return (entry & ~(PTE_COW | PTE_WHIDE)) | write;
}

/** One per frame of RAM. All zero at boot. */
export const shared = struct('shared', {
  /** Page tables that map the frame beside the first: 0 for a frame that is not shared. */
  others: u32,
  /** Of a shared frame: the roots of all page tables that map it, combined by exclusive or. */
  roots: u32,
});
/** As published. */
export const publishedShared = struct('shared', { others: u32 });

/** Head of the design's state; the records follow. */
export const shares = struct('shares', { lock: spinlock });

/** Where the head of the state lies; the TLB words come first. */
export function sharesAt(layout: KernelLayout): number {
  return layout.sharing + remoteFlushSize(layout.config.harts);
}
/** Where the records of the frames begin. */
export function recordsAt(layout: KernelLayout): number {
  return sharesAt(layout) + shares.size;
}
