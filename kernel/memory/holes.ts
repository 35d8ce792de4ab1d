import { LEVELS, levelSize, PAGE_SIZE, PTE_SIZE, Pte, pageOffset, ptePa, px } from '../../src/isa/sv39.js';
import type { SharedAccess } from '../../src/memory/access.js';

/** The last page for which the same table is missing as for the one at `va`, which has no leaf entry. */
export function lastOfMissingTable(mem: SharedAccess, pagetable: number, va: number): number {
  let table = pagetable;
  for (let level = LEVELS - 1; ; level--) {
    const entry = mem.load32(table + px(level, va) * PTE_SIZE);
    if ((entry & Pte.V) === 0) return (Math.floor(va / levelSize(level)) + 1) * levelSize(level) - PAGE_SIZE;
    table = ptePa(entry);
  }
}

/** Whether the leaf entry (0: none) is followed by another in its table. */
export function isBeforeAnother(pte: number): boolean {
  return pte !== 0 && pageOffset(pte + PTE_SIZE) !== 0;
}
