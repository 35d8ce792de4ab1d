import { LEVELS, levelSize, makePte, PAGE_SIZE, PTE_SIZE, PTES_PER_TABLE, Pte, ptePa } from '../../src/isa/sv39.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';

/** Sv39 page tables for tests, in frames taken downwards from the end of RAM. */
export class PageTables {
  /** Physical address of the root table. */
  readonly root: number;
  private nextFrame: number;

  constructor(private readonly memory: SharedMemory) {
    this.nextFrame = memory.map.physTop;
    this.root = this.takeFrame();
  }

  /** A zeroed frame that nothing else uses. */
  takeFrame(): number {
    this.nextFrame -= PAGE_SIZE;
    this.memory.ram.fill(this.nextFrame, 0, PAGE_SIZE);
    return this.nextFrame;
  }

  /** Maps the page at `level` (0: 4 KiB) that begins at `va` to `pa`; `flags` beside V as given, A and D included. */
  map(va: bigint | number, pa: number, flags: number, level = 0): void {
    this.memory.ram.store64(this.pteAddress(va, level), makePte(pa, flags | Pte.V));
  }

  /** Physical address of the entry for `va` at `level`; tables above it are made when missing. */
  pteAddress(va: bigint | number, level = 0): number {
    let table = this.root;
    for (let above = LEVELS - 1; above > level; above--) {
      const at = table + index(va, above) * PTE_SIZE;
      if (this.memory.ram.load64(at) === 0) this.memory.ram.store64(at, makePte(this.takeFrame(), Pte.V));
      table = ptePa(this.memory.ram.load64(at));
    }
    return table + index(va, level) * PTE_SIZE;
  }
}

function index(va: bigint | number, level: number): number {
  return Number((BigInt.asUintN(64, BigInt(va)) / BigInt(levelSize(level))) % BigInt(PTES_PER_TABLE));
}
