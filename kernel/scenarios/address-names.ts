import type { Names } from '../../src/explore/subject.js';
import { PAGE_SIZE } from '../../src/isa/sv39.js';
import { walkTables } from '../../src/isa/sv39-walk.js';
import type { DirectAccess } from '../../src/memory/direct-access.js';
import { hex } from '../books/census.js';
import type { KernelLayout } from '../layout.js';
import { proc } from '../process/proc-struct.js';

/** Names for a report: kernel words by their declaration, page table entries by process and address, the rest by frame. */
export class AddressNames implements Names {
  private readonly entries = new Map<number, { readonly name: string; readonly page: number | undefined }>();

  constructor(
    private readonly ram: DirectAccess,
    private readonly layout: KernelLayout,
  ) {}

  look(): void {
    const { pid, pagetable } = proc.fields;
    for (const p of this.layout.procs) {
      const root = pagetable.load(this.ram, p);
      if (root !== 0) this.lookInto(root, pid.load(this.ram, p));
    }
  }

  describe(address: number): string {
    const entry = this.entries.get(address);
    if (entry !== undefined) return entry.name;
    if (address < this.layout.firstFrame) return this.layout.symbols.describe(address);
    const offset = address % PAGE_SIZE;
    return `frame ${hex(address - offset)}${offset === 0 ? '' : `+${offset}`}`;
  }

  pageOfEntry(address: number): number | undefined {
    return this.entries.get(address)?.page;
  }

  private lookInto(root: number, pid: number): void {
    const { firstFrame, config } = this.layout;
    walkTables(
      this.ram,
      root,
      ({ at, level, va }) => {
        const kind = level === 0 ? 'pte' : `level ${level} pte`;
        this.entries.set(at, { name: `pid ${pid}'s ${kind} of ${hex(va)}`, page: level === 0 ? va : undefined });
      },
      (table) => table >= firstFrame && table + PAGE_SIZE <= config.physTop,
    );
  }
}
