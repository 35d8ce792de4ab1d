import { inflateSync } from 'node:zlib';
import { ElfError, ElfReader } from './elf-reader.js';

/** A part of the file by name: code, data, symbols, debug information. */
export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** Where it lies in memory; 0 for what is not loaded. */
  readonly address: number;
  /** Bytes, in memory too. */
  readonly size: number;
  /** From the beginning of the file. */
  readonly offset: bigint;
  /** Number of the section that belongs to it, such as a symbol table's strings. */
  readonly link: number;
  /** Bytes of each entry of a table. */
  readonly entrySize: number;
}

/** System V ABI, "ELF Header" and "Section Header": offsets in an Elf64_Ehdr and an Elf64_Shdr. */
const Header = { sections: 40, sectionSize: 58, sectionCount: 60, sectionNames: 62 } as const;
const Field = {
  size: 64,
  name: 0,
  type: 4,
  flags: 8,
  address: 16,
  offset: 24,
  bytes: 32,
  link: 40,
  entrySize: 56,
} as const;
export const SectionType = { symbols: 2, strings: 3, noBits: 8 } as const;
export const SectionFlag = { loaded: 2, instructions: 4, compressed: 0x800 } as const;

/** "Compression Header": offsets in an Elf64_Chdr. */
const Compression = { size: 24, type: 0, bytes: 8, zlib: 1 } as const;
/** More than the debug information of any kernel: a bound on what a damaged header can make us inflate. */
const LARGEST_INFLATED = 1n << 29n;

/** No compiler makes longer ones; a bound on what a damaged table can make us read. */
const LONGEST_NAME = 4096;
export const MEND = 'build the file again, or remove its symbols with riscv64-unknown-elf-strip';

/** In the order of the file, whose numbers `link` and symbols use; empty when the file has none. Throws `ElfError` when the table is damaged. */
export function readSections(file: ElfReader): ElfSection[] {
  const count = file.u16(Header.sectionCount);
  if (count === 0) return [];
  const entrySize = file.u16(Header.sectionSize);
  if (entrySize !== Field.size)
    throw new ElfError(`its section headers are ${entrySize} bytes each instead of ${Field.size}; ${MEND}`);
  const places = file.entries({ offset: file.u64(Header.sections), count, entrySize }, 'section header table');
  const sections = places.map((at) => readHeader(file, at));
  const strings = sections[file.u16(Header.sectionNames)];
  if (strings === undefined || strings.type !== SectionType.strings) return sections;
  const names = sectionBytes(file, strings, 'table of section names');
  return sections.map((section, i) => {
    const start = file.u32(places[i]! + Field.name);
    return { ...section, name: readName(names, start, "a section's name") };
  });
}

function readHeader(file: ElfReader, at: number): ElfSection {
  return {
    name: '',
    type: file.u32(at + Field.type),
    flags: file.u32(at + Field.flags),
    address: Number(file.u64(at + Field.address)),
    size: Number(file.u64(at + Field.bytes)),
    offset: file.u64(at + Field.offset),
    link: file.u32(at + Field.link),
    entrySize: Number(file.u64(at + Field.entrySize)),
  };
}

/** What the section holds, not copied unless it is compressed. Throws `ElfError` where the file has not got it. */
export function sectionBytes(file: ElfReader, section: ElfSection, what = section.name): Uint8Array {
  if (section.type === SectionType.noBits) return new Uint8Array(0);
  const bytes = file.slice(section.offset, BigInt(section.size), what);
  return (section.flags & SectionFlag.compressed) === 0 ? bytes : inflate(bytes, what);
}

function inflate(bytes: Uint8Array, what: string): Uint8Array {
  const header = new ElfReader(bytes);
  if (header.size < Compression.size || header.u32(Compression.type) !== Compression.zlib)
    throw new ElfError(`its ${what} is not compressed with zlib; build the file with -gz=zlib or -gz=none`);
  const size = header.u64(Compression.bytes);
  if (size > LARGEST_INFLATED) throw new ElfError(`its ${what} says that it is ${size} bytes long; ${MEND}`);
  const whole = inflateAtMost(bytes.subarray(Compression.size), Number(size), what);
  if (BigInt(whole.length) !== size)
    throw new ElfError(`its ${what} inflates to ${whole.length} bytes instead of ${size}; ${MEND}`);
  return whole;
}

function inflateAtMost(bytes: Uint8Array, size: number, what: string): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ElfError(`its ${what} cannot be inflated (${code}); ${MEND}`);
  }
}

const decoder = new TextDecoder();

/** NUL-terminated UTF-8. Throws `ElfError` when it has no end. */
export function readName(names: Uint8Array, start: number, what: string): string {
  const text = names.subarray(start, start + LONGEST_NAME);
  const end = text.indexOf(0);
  if (end < 0) throw new ElfError(`${what} at byte ${start} of its string table has no end; ${MEND}`);
  return decoder.decode(text.subarray(0, end));
}
