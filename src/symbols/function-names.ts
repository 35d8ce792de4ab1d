import type { ElfSymbol } from './elf-symbols.js';
import { lastAtOrBelow } from './last-at-or-below.js';

/** A place in a program as a report names it. */
export interface FunctionPlace {
  readonly name: string;
  /** Bytes from the function's first instruction. */
  readonly offset: number;
}

/** Names for program counters, from the program's symbol table. */
export class FunctionNames {
  /** Those that can hold code; of several at one address the first with a size, which is the function itself. */
  private readonly starts: readonly ElfSymbol[];

  constructor(symbols: readonly ElfSymbol[]) {
    this.starts = symbols
      .filter((s) => s.kind !== 'object')
      .toSorted((a, b) => a.address - b.address || b.size - a.size)
      .filter((s, i, all) => s.address !== all[i - 1]?.address);
  }

  /** The function that `pc` lies in; undefined before the first, and in a gap after one whose size is known. */
  at(pc: number | bigint): FunctionPlace | undefined {
    const address = Number(pc);
    const found = this.starts[lastAtOrBelow(this.starts, address, (s) => s.address)];
    if (found === undefined) return undefined;
    const offset = address - found.address;
    return found.size > 0 && offset >= found.size ? undefined : { name: found.name, offset };
  }

  /** `main+0x12`; undefined where no function is known. */
  nameWithOffset(pc: number | bigint): string | undefined {
    const place = this.at(pc);
    return place && `${place.name}${place.offset === 0 ? '' : `+0x${place.offset.toString(16)}`}`;
  }

  /** `0x1a4 <main+0x12>`, or the number alone where no function is known. */
  describe(pc: number | bigint): string {
    const name = this.nameWithOffset(pc);
    const number = `0x${pc.toString(16)}`;
    return name === undefined ? number : `${number} <${name}>`;
  }
}
