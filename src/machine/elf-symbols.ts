import { ElfError, type ElfReader, hex } from './elf-reader.js';

/** A `label` is what assembly leaves in code when it says neither `@function` nor `@object`. */
export type SymbolKind = 'function' | 'object' | 'label';

export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  /** Bytes; 0 where the file does not say. */
  readonly size: number;
  readonly kind: SymbolKind;
}

/** System V ABI, "ELF Header" and "Section Header": offsets in an Elf64_Ehdr and an Elf64_Shdr. */
const Header = { sections: 40, sectionSize: 58, sectionCount: 60 } as const;
const Section = { size: 64, type: 4, flags: 8, offset: 24, bytes: 32, link: 40, entrySize: 56 } as const;
const SYMBOL_TABLE = 2;
const STRING_TABLE = 3;
const HOLDS_INSTRUCTIONS = 4n;

/** "Symbol Table": offsets in an Elf64_Sym. */
const Entry = { size: 24, name: 0, info: 4, section: 6, value: 8, bytes: 16 } as const;
const TYPE_MASK = 0xf;
const KINDS: Readonly<Record<number, SymbolKind>> = { 0: 'label', 1: 'object', 2: 'function' };
const UNDEFINED_SECTION = 0;
/** RISC-V ELF psABI, "Mapping Symbol": `$x` and `$d` mark code and data for disassemblers and name nothing. */
const MAPPING_SYMBOL = /^\$[xd]/;
/** From here on section indexes are special: absolute values, common blocks. */
const FIRST_RESERVED_SECTION = 0xff00;

/** No compiler makes longer ones; a bound on what a damaged table can make us read. */
const LONGEST_NAME = 4096;
const MEND = 'build the file again, or remove its symbols with riscv64-unknown-elf-strip';

/** By address. Throws `ElfError` when the tables are damaged. */
export function readSymbols(file: ElfReader): ElfSymbol[] {
  const count = file.u16(Header.sectionCount);
  if (count === 0) return [];
  const entrySize = file.u16(Header.sectionSize);
  if (entrySize !== Section.size)
    throw new ElfError(`its section headers are ${entrySize} bytes each instead of ${Section.size}; ${MEND}`);
  const sections = file.entries({ offset: file.u64(Header.sections), count, entrySize }, 'section header table');
  const table = sections.find((at) => file.u32(at + Section.type) === SYMBOL_TABLE);
  if (table === undefined) return [];

  const strings = sections[file.u32(table + Section.link)];
  if (strings === undefined || file.u32(strings + Section.type) !== STRING_TABLE)
    throw new ElfError(`its symbol table names no string table; ${MEND}`);
  const names = sectionBytes(file, strings, 'string table');
  const symbolSize = file.u64(table + Section.entrySize);
  if (symbolSize !== BigInt(Entry.size))
    throw new ElfError(`its symbols are ${symbolSize} bytes each instead of ${Entry.size}; ${MEND}`);
  const bytes = sectionBytes(file, table, 'symbol table').length;
  const offset = file.u64(table + Section.offset);
  const places = file.entries({ offset, count: Math.floor(bytes / Entry.size), entrySize: Entry.size }, 'symbol table');
  return places.flatMap((at) => readSymbol(file, at, names, sections)).sort((a, b) => a.address - b.address);
}

function sectionBytes(file: ElfReader, section: number, what: string): Uint8Array {
  return file.slice(file.u64(section + Section.offset), file.u64(section + Section.bytes), what);
}

/** Empty for what has no address in the program: files, sections, undefined and absolute symbols. */
function readSymbol(file: ElfReader, at: number, names: Uint8Array, sections: readonly number[]): ElfSymbol[] {
  const section = file.u16(at + Entry.section);
  const kind = kindOf(file, file.u8(at + Entry.info), sections[section]);
  const start = file.u32(at + Entry.name);
  if (kind === undefined || section === UNDEFINED_SECTION || section >= FIRST_RESERVED_SECTION || start === 0)
    return [];
  const name = readName(names, start);
  if (MAPPING_SYMBOL.test(name)) return [];
  const address = file.u64(at + Entry.value);
  const size = file.u64(at + Entry.bytes);
  if (address + size > BigInt(Number.MAX_SAFE_INTEGER))
    throw new ElfError(`its symbol ${name} lies at ${hex(address)}, outside every address space; ${MEND}`);
  return [{ name, address: Number(address), size: Number(size), kind }];
}

function kindOf(file: ElfReader, info: number, section: number | undefined): SymbolKind | undefined {
  const kind = KINDS[info & TYPE_MASK];
  if (kind !== 'label' || section === undefined) return kind;
  return (file.u64(section + Section.flags) & HOLDS_INSTRUCTIONS) === 0n ? 'object' : 'label';
}

function readName(names: Uint8Array, start: number): string {
  const text = names.subarray(start, start + LONGEST_NAME);
  const end = text.indexOf(0);
  if (end < 0) throw new ElfError(`a symbol's name at byte ${start} of its string table has no end; ${MEND}`);
  return new TextDecoder().decode(text.subarray(0, end));
}
