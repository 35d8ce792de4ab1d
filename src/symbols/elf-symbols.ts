import { ElfError, type ElfReader, hex } from './elf-reader.js';
import {
  type ElfSection,
  MEND,
  readName,
  readSections,
  SectionFlag,
  SectionType,
  sectionBytes,
} from './elf-sections.js';

/** A `label` is what assembly leaves in code when it says neither `@function` nor `@object`. */
export type SymbolKind = 'function' | 'object' | 'label';

export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  /** Bytes; 0 where the file does not say. */
  readonly size: number;
  readonly kind: SymbolKind;
}

/** System V ABI, "Symbol Table": offsets in an Elf64_Sym. */
const Entry = { size: 24, name: 0, info: 4, section: 6, value: 8, bytes: 16 } as const;
const TYPE_MASK = 0xf;
const KINDS: Readonly<Record<number, SymbolKind>> = { 0: 'label', 1: 'object', 2: 'function' };
const UNDEFINED_SECTION = 0;
/** RISC-V ELF psABI, "Mapping Symbol": `$x` and `$d` mark code and data for disassemblers and name nothing. */
const MAPPING_SYMBOL = /^\$[xd]/;
/** From here on section indexes are special: absolute values, common blocks. */
const FIRST_RESERVED_SECTION = 0xff00;

/** By address. Throws `ElfError` when the tables are damaged. */
export function readSymbols(file: ElfReader, sections = readSections(file)): ElfSymbol[] {
  const table = sections.find(({ type }) => type === SectionType.symbols);
  if (table === undefined) return [];

  const strings = sections[table.link];
  if (strings === undefined || strings.type !== SectionType.strings)
    throw new ElfError(`its symbol table names no string table; ${MEND}`);
  const names = sectionBytes(file, strings, 'string table');
  if (table.entrySize !== Entry.size)
    throw new ElfError(`its symbols are ${table.entrySize} bytes each instead of ${Entry.size}; ${MEND}`);
  const bytes = sectionBytes(file, table, 'symbol table').length;
  const count = Math.floor(bytes / Entry.size);
  const places = file.entries({ offset: table.offset, count, entrySize: Entry.size }, 'symbol table');
  return places.flatMap((at) => readSymbol(file, at, names, sections)).sort((a, b) => a.address - b.address);
}

/** Empty for what has no address in the program: files, sections, undefined and absolute symbols. */
function readSymbol(file: ElfReader, at: number, names: Uint8Array, sections: readonly ElfSection[]): ElfSymbol[] {
  const section = file.u16(at + Entry.section);
  const kind = kindOf(file.u8(at + Entry.info), sections[section]);
  const start = file.u32(at + Entry.name);
  if (kind === undefined || section === UNDEFINED_SECTION || section >= FIRST_RESERVED_SECTION || start === 0)
    return [];
  const name = readName(names, start, "a symbol's name");
  if (MAPPING_SYMBOL.test(name)) return [];
  const address = file.u64(at + Entry.value);
  const size = file.u64(at + Entry.bytes);
  if (address + size > BigInt(Number.MAX_SAFE_INTEGER))
    // A damaged name may have a line's end in it.
    throw new ElfError(
      `its symbol ${name.replaceAll(/\p{Cc}/gu, '?')} lies at ${hex(address)}, outside every address space; ${MEND}`,
    );
  return [{ name, address: Number(address), size: Number(size), kind }];
}

function kindOf(info: number, section: ElfSection | undefined): SymbolKind | undefined {
  const kind = KINDS[info & TYPE_MASK];
  if (kind !== 'label' || section === undefined) return kind;
  return (section.flags & SectionFlag.instructions) === 0 ? 'object' : 'label';
}
