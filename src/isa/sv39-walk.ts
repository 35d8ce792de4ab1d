import { isLeaf, LEVELS, levelSize, PTE_SIZE, PTES_PER_TABLE, Pte, ptePa, px } from './sv39.js';

/** What a walk in software reads tables by: physical addresses in bytes, words of 32 bits, which hold all of an entry that maps RAM. */
export interface TableReader {
  load32(address: number): number;
}

/** Address of the leaf entry for `va`, below MAXVA, in the page table at `root`; 0 where a table is missing (Privileged ISA §4.3.2, without superpages). */
export function leafAddress(mem: TableReader, root: number, va: number): number {
  let table = root;
  for (let level = LEVELS - 1; level > 0; level--) {
    const pte = mem.load32(table + px(level, va) * PTE_SIZE);
    if ((pte & Pte.V) === 0) return 0;
    table = ptePa(pte);
  }
  return table + px(0, va) * PTE_SIZE;
}

/** The valid leaf entry for `va`, below MAXVA; 0 when there is none. */
export function leafEntry(mem: TableReader, root: number, va: number): number {
  const at = leafAddress(mem, root, va);
  const leaf = at === 0 ? 0 : mem.load32(at);
  return (leaf & Pte.V) === 0 ? 0 : leaf;
}

/** A valid entry that a walk over a whole page table comes to. */
export interface TableEntry {
  /** Physical address of the entry. */
  readonly at: number;
  readonly pte: number;
  readonly level: number;
  /** First virtual address that it stands for. */
  readonly va: number;
}

/**
 * Visits every valid entry of a page table that is in order, tables before what they lead to. Of one that may be damaged
 * `isTable` says which frames can be tables: what leads elsewhere is visited and not followed.
 */
export function walkTables(
  mem: TableReader,
  root: number,
  visit: (entry: TableEntry) => void,
  isTable: (table: number) => boolean = () => true,
): void {
  const walk = (table: number, level: number, start: number) => {
    if (!isTable(table)) return;
    for (let index = 0; index < PTES_PER_TABLE; index++) {
      const at = table + index * PTE_SIZE;
      const pte = mem.load32(at);
      if ((pte & Pte.V) === 0) continue;
      const va = start + index * levelSize(level);
      visit({ at, pte, level, va });
      if (level > 0 && !isLeaf(pte)) walk(ptePa(pte), level - 1, va);
    }
  };
  walk(root, LEVELS - 1, 0);
}
