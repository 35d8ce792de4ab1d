import { LEVELS, levelSize, PAGE_SIZE, PTE_SIZE, PTES_PER_TABLE, Pte, ptePa } from '../../src/isa/sv39.js';
import type { DirectAccess } from '../../src/memory/direct-access.js';
import { hex } from '../books/census.js';
import type { KernelLayout } from '../layout.js';
import { proc } from '../process/proc-struct.js';

/** Names for a report: kernel words by their declaration, page table entries by process and address, the rest by frame. */
export class AddressNames {
  private readonly entries = new Map<number, string>();

  constructor(
    private readonly ram: DirectAccess,
    private readonly layout: KernelLayout,
  ) {}

  /** Takes up the page tables as they are now; what they were before stays known. */
  look(): void {
    const { pid, pagetable } = proc.fields;
    for (const p of this.layout.procs) {
      const root = pagetable.load(this.ram, p);
      if (root !== 0) this.walk(root, LEVELS - 1, 0, pid.load(this.ram, p));
    }
  }

  describe(address: number): string {
    const entry = this.entries.get(address);
    if (entry !== undefined) return entry;
    if (address < this.layout.firstFrame) return this.layout.symbols.describe(address);
    const offset = address % PAGE_SIZE;
    return `frame ${hex(address - offset)}${offset === 0 ? '' : `+${offset}`}`;
  }

  private walk(table: number, level: number, start: number, pid: number): void {
    if (table < this.layout.firstFrame || table + PAGE_SIZE > this.layout.config.physTop) return;
    for (let index = 0; index < PTES_PER_TABLE; index++) {
      const at = table + index * PTE_SIZE;
      const pte = this.ram.load32(at);
      const va = start + index * levelSize(level);
      if (level === 0) {
        if ((pte & Pte.V) !== 0) this.entries.set(at, `pid ${pid}'s pte of ${hex(va)}`);
      } else if ((pte & Pte.V) !== 0) {
        this.entries.set(at, `pid ${pid}'s level ${level} pte of ${hex(va)}`);
        this.walk(ptePa(pte), level - 1, va, pid);
      }
    }
  }
}
