import { type ElfSection, SectionFlag } from './elf-sections.js';
import type { ElfSymbol } from './elf-symbols.js';
import { lastAtOrBelow } from './last-at-or-below.js';

/** Names for data, from the program's symbol table. */
export class DataNames {
  /** Of several at one address the first with a size, which is the variable itself. */
  private readonly starts: readonly ElfSymbol[];

  constructor(
    symbols: readonly ElfSymbol[],
    private readonly sections: readonly ElfSection[],
  ) {
    this.starts = symbols
      .filter((s) => s.kind === 'object')
      .toSorted((a, b) => a.address - b.address || b.size - a.size)
      .filter((s, i, all) => s.address !== all[i - 1]?.address);
  }

  /** `kmem+24`; undefined in no variable. One whose size nobody says ends with its section. */
  at(address: number): string | undefined {
    const found = this.starts[lastAtOrBelow(this.starts, address, (s) => s.address)];
    if (found === undefined) return undefined;
    const offset = address - found.address;
    if (found.size > 0 ? offset >= found.size : !this.areInOneSection(found.address, address)) return undefined;
    return offset === 0 ? found.name : `${found.name}+${offset}`;
  }

  private areInOneSection(from: number, to: number): boolean {
    return this.sections.some(
      ({ flags, address, size }) =>
        (flags & SectionFlag.loaded) !== 0 && address <= from && from < address + size && to < address + size,
    );
  }
}
