import type { ProgramImage, ProgramSegment } from '../../src/hart/program-image.js';
import { MAXVA, PAGE_SIZE } from '../../src/isa/sv39.js';
import { get16, get32, get64 } from '../fs/format.js';

/** What the file has at `offset`, up to `length` bytes: fewer at its end. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

/** System V ABI: offsets in an Elf64_Ehdr and an Elf64_Phdr. */
const Header = { size: 64, entry: 24, programHeaders: 32, programHeaderCount: 56 } as const;
const ProgramHeader = { size: 56, type: 0, flags: 4, offset: 8, vaddr: 16, fileSize: 32, memSize: 40 } as const;
/** The first four bytes as a word. */
const ELF_MAGIC = 0x464c_457f;
const LOAD = 1;
const EXECUTABLE = 1;
const WRITABLE = 2;

/** A loadable segment as the file describes it. */
interface Segment extends Omit<ProgramSegment, 'fileBytes'> {
  readonly offset: number;
  readonly fileSize: number;
}

/**
 * The ELF64 program in a file, by xv6's rules: no more is asked of it than the magic and segments that make sense. (A
 * program that comes from the host is read by `src/machine/elf.ts`, which says what is wrong.) undefined: it is none.
 */
export function readProgram(readAt: ReadAt): ProgramImage | undefined {
  const header = whole(readAt, 0, Header.size);
  if (header === undefined || get32(header, 0) !== ELF_MAGIC) return undefined;
  const segments: Segment[] = [];
  const count = get16(header, Header.programHeaderCount);
  let at = Number(get64(header, Header.programHeaders));
  for (let i = 0; i < count; i++, at += ProgramHeader.size) {
    const row = whole(readAt, at, ProgramHeader.size);
    if (row === undefined) return undefined;
    if (get32(row, ProgramHeader.type) !== LOAD) continue;
    const segment = segmentOf(row);
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  const content = contents(readAt, segments);
  if (content === undefined) return undefined;
  // An entry that no process can fetch from is as good as any other that none can: the process dies of it.
  return { entry: Math.min(Number(get64(header, Header.entry)), MAXVA), segments: content };
}

function segmentOf(row: Uint8Array): Segment | undefined {
  const vaddr = get64(row, ProgramHeader.vaddr);
  const fileSize = get64(row, ProgramHeader.fileSize);
  const memSize = get64(row, ProgramHeader.memSize);
  // xv6 asks that vaddr + memSize does not wrap around, and then finds no memory for what lies above MAXVA.
  if (memSize < fileSize || vaddr + memSize > BigInt(MAXVA) || vaddr % BigInt(PAGE_SIZE) !== 0n) return undefined;
  const flags = get32(row, ProgramHeader.flags);
  return {
    vaddr: Number(vaddr),
    memSize: Number(memSize),
    writable: (flags & WRITABLE) !== 0,
    executable: (flags & EXECUTABLE) !== 0,
    offset: Number(get64(row, ProgramHeader.offset)),
    fileSize: Number(fileSize),
  };
}

/** The segments with their bytes, which are read once: however they overlap in the file, it is no more than the file has. */
function contents(readAt: ReadAt, segments: readonly Segment[]): ProgramSegment[] | undefined {
  const present = segments.filter(({ fileSize }) => fileSize > 0);
  const start = present.reduce((least, { offset }) => Math.min(least, offset), Number.MAX_SAFE_INTEGER);
  const end = present.reduce((most, { offset, fileSize }) => Math.max(most, offset + fileSize), start);
  const bytes = readAt(start, end - start);
  if (bytes.length < end - start) return undefined;
  return segments.map(({ offset, fileSize, ...rest }) => ({
    ...rest,
    fileBytes: fileSize === 0 ? new Uint8Array() : bytes.subarray(offset - start, offset - start + fileSize),
  }));
}

/** undefined when the file ends before. */
function whole(readAt: ReadAt, offset: number, length: number): Uint8Array | undefined {
  const bytes = readAt(offset, length);
  return bytes.length < length ? undefined : bytes;
}
