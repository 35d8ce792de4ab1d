import { Pte } from '../../src/isa/sv39.js';
import type { DirectAccess } from '../../src/memory/direct-access.js';
import { leafAddress } from '../page-sharing/entries.js';

/** The leaf entry for `va` as a hart's page walker finds it, past the kernel and its schedule; 0 when there is none. */
export function leafEntry(ram: DirectAccess, root: number, va: number): number {
  const at = leafAddress(ram, root, va);
  const leaf = at === 0 ? 0 : ram.load32(at);
  return (leaf & Pte.V) === 0 ? 0 : leaf;
}
