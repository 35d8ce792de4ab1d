import { ElfError, ElfReader, hex } from '../symbols/elf-reader.js';
import { type ElfSymbol, readSymbols } from '../symbols/elf-symbols.js';

export { ElfError } from '../symbols/elf-reader.js';
export type { ElfSymbol } from '../symbols/elf-symbols.js';

/** What the loader maps. The part of memory beyond the file's bytes is zero. */
export interface ElfSegment {
  /** First byte, page aligned. */
  readonly vaddr: number;
  /** A view of the file, at most `memSize` long. */
  readonly fileBytes: Uint8Array;
  /** Bytes in memory, at least 1. */
  readonly memSize: number;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
}

export interface ElfExecutable {
  readonly entry: number;
  /** By address; no two touch the same page. */
  readonly segments: readonly ElfSegment[];
  /** Functions, objects and labels by address; empty when the file is stripped. */
  readonly symbols: readonly ElfSymbol[];
}

const PAGE = 4096n;

/** System V ABI, generic part, "ELF Header": offsets in an Elf64_Ehdr. */
export const Header = {
  size: 64,
  class: 4,
  data: 5,
  type: 16,
  machine: 18,
  entry: 24,
  programHeaders: 32,
  programHeaderSize: 54,
  programHeaderCount: 56,
} as const;
const MAGIC = [0x7f, 0x45, 0x4c, 0x46];
const CLASS_64 = 2;
const CLASS_32 = 1;
const LITTLE_ENDIAN = 1;
const BIG_ENDIAN = 2;
const TYPE_EXECUTABLE = 2;
const OTHER_TYPES: Readonly<Record<number, string>> = {
  1: 'an object file; link it first',
  3: 'a shared library or a position-independent executable; link it with -static -no-pie',
  4: 'a core dump; give the program itself',
};
const MACHINE_RISCV = 243;
const OTHER_MACHINES: Readonly<Record<number, string>> = {
  2: 'SPARC',
  3: 'Intel 80386',
  8: 'MIPS',
  20: 'PowerPC',
  21: 'PowerPC 64',
  22: 'S/390',
  40: 'ARM',
  43: 'SPARC V9',
  62: 'x86-64',
  183: 'AArch64',
  258: 'LoongArch',
};

/** "Program Header": offsets in an Elf64_Phdr. */
export const ProgramHeader = {
  size: 56,
  type: 0,
  flags: 4,
  offset: 8,
  vaddr: 16,
  paddr: 24,
  fileSize: 32,
  memSize: 40,
} as const;
const LOAD = 1;
const INTERPRETER = 3;
const EXECUTABLE = 1;
const WRITABLE = 2;
const READABLE = 4;

const HOW_TO_BUILD = 'build it with riscv64-unknown-elf-gcc -march=rv64imac_zicsr -mabi=lp64 -static';
const HOW_TO_LINK = 'link it as kernel/user/src/user.ld does';

/**
 * Reads a static RISC-V executable (ELF64, little endian).
 *
 * @param addressLimit first address past the user's part of the address space, at most 2^53
 * Throws `ElfError`, and nothing else, on a file that is anything other than that. The view in a segment keeps `bytes` alive.
 */
export function parseElf(bytes: Uint8Array, addressLimit: number): ElfExecutable {
  const file = new ElfReader(bytes);
  checkHeader(file);
  const segments = readSegments(file, BigInt(addressLimit));
  const entry = file.u64(Header.entry);
  const holder = segments.find((s) => s.executable && BigInt(s.vaddr) <= entry && entry < BigInt(s.vaddr + s.memSize));
  if (holder === undefined)
    throw new ElfError(`its entry point ${hex(entry)} lies in no executable segment; set ENTRY in the linker script`);
  if (entry % 2n !== 0n) throw new ElfError(`its entry point ${hex(entry)} is odd; no instruction can be there`);
  return { entry: Number(entry), segments, symbols: readSymbols(file) };
}

/** Throws `ElfError` unless the file is a 64-bit RISC-V executable. */
export function checkHeader(file: ElfReader): void {
  if (file.size === 0) throw new ElfError(`the file is empty; ${HOW_TO_BUILD}`);
  if (MAGIC.some((byte, i) => file.bytes[i] !== byte))
    throw new ElfError(`not an ELF file (its first bytes are not 7f 45 4c 46); ${HOW_TO_BUILD}`);
  if (file.u8(Header.class) === CLASS_32) throw new ElfError(`a 32-bit ELF, and this machine is RV64; ${HOW_TO_BUILD}`);
  if (file.u8(Header.class) !== CLASS_64)
    throw new ElfError(`unknown ELF class ${file.u8(Header.class)}; ${HOW_TO_BUILD}`);
  if (file.u8(Header.data) === BIG_ENDIAN)
    throw new ElfError(`a big-endian ELF, and this machine is little endian; ${HOW_TO_BUILD}`);
  if (file.u8(Header.data) !== LITTLE_ENDIAN)
    throw new ElfError(`unknown ELF byte order ${file.u8(Header.data)}; ${HOW_TO_BUILD}`);
  file.slice(0n, BigInt(Header.size), 'ELF header');
  const machine = file.u16(Header.machine);
  if (machine !== MACHINE_RISCV)
    throw new ElfError(
      `a program for machine ${machine} (${OTHER_MACHINES[machine] ?? 'unknown'}), not for RISC-V (243); ${HOW_TO_BUILD}`,
    );
  const type = file.u16(Header.type);
  if (type !== TYPE_EXECUTABLE)
    throw new ElfError(`not an executable but ${OTHER_TYPES[type] ?? `ELF type ${type}; ${HOW_TO_BUILD}`}`);
}

/** Places of the program headers that say what is to be loaded. */
export function loadHeaders(file: ElfReader): number[] {
  const count = file.u16(Header.programHeaderCount);
  const entrySize = file.u16(Header.programHeaderSize);
  if (count > 0 && entrySize !== ProgramHeader.size)
    throw new ElfError(
      `its program headers are ${entrySize} bytes each instead of ${ProgramHeader.size}; build it again`,
    );
  const table = { offset: file.u64(Header.programHeaders), count, entrySize };
  return file.entries(table, 'program header table').filter((at) => {
    const type = file.u32(at + ProgramHeader.type);
    if (type === INTERPRETER) throw new ElfError('it needs a dynamic linker; link it with -static');
    return type === LOAD;
  });
}

function readSegments(file: ElfReader, limit: bigint): ElfSegment[] {
  const segments = loadHeaders(file)
    .map((at) => readSegment(file, at, limit))
    .filter(({ memSize }) => memSize > 0);
  if (segments.length === 0) throw new ElfError(`it has no loadable segment; ${HOW_TO_LINK}`);
  segments.sort((a, b) => a.vaddr - b.vaddr);
  segments.reduce((before, after) => {
    // Both begin on a page, so segments that do not overlap do not share a page either.
    if (before.vaddr + before.memSize > after.vaddr)
      throw new ElfError(`its segments at ${hex(before.vaddr)} and ${hex(after.vaddr)} overlap; ${HOW_TO_LINK}`);
    return after;
  });
  return segments;
}

function readSegment(file: ElfReader, at: number, limit: bigint): ElfSegment {
  const flags = file.u32(at + ProgramHeader.flags);
  const vaddr = file.u64(at + ProgramHeader.vaddr);
  const fileSize = file.u64(at + ProgramHeader.fileSize);
  const memSize = file.u64(at + ProgramHeader.memSize);
  const which = `its segment at ${hex(vaddr)}`;
  if (fileSize > memSize)
    throw new ElfError(`${which} has ${fileSize} bytes in the file but only ${memSize} in memory; build it again`);
  if (vaddr + memSize >= 1n << 64n)
    throw new ElfError(`${which} wraps around the end of the address space (${hex(memSize)} bytes); ${HOW_TO_LINK}`);
  if (vaddr + memSize > limit)
    throw new ElfError(
      `${which} ends at ${hex(vaddr + memSize)}, outside the user address space, which ends at ${hex(limit)}; ${HOW_TO_LINK}`,
    );
  if (vaddr % PAGE !== 0n)
    throw new ElfError(
      `${which} does not begin on a page (${PAGE} bytes), where permissions can change; ${HOW_TO_LINK}`,
    );
  return {
    vaddr: Number(vaddr),
    fileBytes: file.slice(file.u64(at + ProgramHeader.offset), fileSize, `segment at ${hex(vaddr)}`),
    memSize: Number(memSize),
    readable: (flags & READABLE) !== 0,
    writable: (flags & WRITABLE) !== 0,
    executable: (flags & EXECUTABLE) !== 0,
  };
}
