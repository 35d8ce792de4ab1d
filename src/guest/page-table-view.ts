import { isLeaf, LEVELS, levelSize, PAGE_SIZE, PTE_SIZE, PTES_PER_TABLE, Pte, ptePa, px } from '../isa/sv39.js';
import { KERNBASE } from '../memory/map.js';
import type { SharedMemory } from '../memory/shared-memory.js';

/** Where a walk ends. */
export interface Leaf {
  readonly entry: number;
  /** Physical address of the entry. */
  readonly at: number;
  /** Bytes that it maps. */
  readonly size: number;
}

/** A page of an address space. */
export interface MappedPage {
  /** Virtual address, the 39 bits of it that Sv39 translates. */
  readonly va: number;
  /** Physical address. */
  readonly frame: number;
  /** Whether programs may access it. */
  readonly isUsers: boolean;
}

/** Sv39 page tables as they lie in memory, for those who look at them from outside. */
export class PageTableView {
  constructor(private readonly memory: SharedMemory) {}

  /** The leaf entry for an address, of which the 39 bits count that Sv39 translates, by the table at `root`; undefined: there is none, or a table lies outside RAM. */
  leafAt(root: number, va: number): Leaf | undefined {
    const { ram } = this.memory;
    let table = root;
    for (let level = LEVELS - 1; level >= 0; level--) {
      if (!this.isFrame(table)) return undefined;
      const at = table + px(level, va) * PTE_SIZE;
      const entry = ram.load32(at);
      if ((entry & Pte.V) === 0) return undefined;
      if (isLeaf(entry)) return { entry, at, size: levelSize(level) };
      table = ptePa(entry);
    }
    return undefined;
  }

  /** Frames of the tables below a root, the root itself first. */
  tables(root: number): ReadonlySet<number> {
    const found = new Set<number>();
    this.visit(root, LEVELS - 1, 0, found, () => {});
    return found;
  }

  /** Frames of RAM that an address space maps, page by page. */
  pages(root: number): readonly MappedPage[] {
    const pages: MappedPage[] = [];
    this.visit(root, LEVELS - 1, 0, new Set(), (entry, va, size) => {
      const isUsers = (entry & Pte.U) !== 0;
      for (let offset = 0; offset < size; offset += PAGE_SIZE) {
        const frame = ptePa(entry) + offset;
        if (this.isFrame(frame)) pages.push({ va: va + offset, frame, isUsers });
      }
    });
    return pages;
  }

  /** @param seen tables that have been visited, which are not entered again: what is no table may lead in a circle */
  private visit(
    table: number,
    level: number,
    base: number,
    seen: Set<number>,
    leaf: (entry: number, va: number, size: number) => void,
  ): void {
    if (!this.isFrame(table) || seen.has(table)) return;
    seen.add(table);
    const { ram } = this.memory;
    const size = levelSize(level);
    for (let i = 0; i < PTES_PER_TABLE; i++) {
      const entry = ram.load32(table + i * PTE_SIZE);
      if ((entry & Pte.V) === 0) continue;
      const va = base + i * size;
      if (isLeaf(entry)) leaf(entry, va, size);
      else if (level > 0) this.visit(ptePa(entry), level - 1, va, seen, leaf);
    }
  }

  /** Of an address that is a page's, as those in entries are. */
  private isFrame(page: number): boolean {
    return page >= KERNBASE && page < this.memory.map.physTop;
  }
}
