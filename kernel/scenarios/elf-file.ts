import type { ProgramImage } from '../../src/hart/program-image.js';
import { put16, put32 } from '../fs/format.js';

/** System V ABI: sizes and offsets in an Elf64_Ehdr and an Elf64_Phdr. */
const Header = { size: 64, entry: 24, programHeaders: 32, programHeaderCount: 56 } as const;
const ProgramHeader = { size: 56, type: 0, flags: 4, offset: 8, vaddr: 16, fileSize: 32, memSize: 40 } as const;
const MAGIC = 0x464c_457f;
const LOAD = 1;
const Flag = { executable: 1, writable: 2, readable: 4 } as const;

/** The smallest file that exec takes for this program. Addresses and sizes must fit into 32 bits. */
export function elfFile({ entry, segments }: ProgramImage): Uint8Array {
  const headers = Header.size + segments.length * ProgramHeader.size;
  const file = new Uint8Array(segments.reduce((size, { fileBytes }) => size + fileBytes.length, headers));
  put32(file, 0, MAGIC);
  put32(file, Header.entry, entry);
  put32(file, Header.programHeaders, Header.size);
  put16(file, Header.programHeaderCount, segments.length);
  let row = Header.size;
  let offset = headers;
  for (const { vaddr, fileBytes, memSize, writable, executable } of segments) {
    put32(file, row + ProgramHeader.type, LOAD);
    const flags = Flag.readable | (writable ? Flag.writable : 0) | (executable ? Flag.executable : 0);
    put32(file, row + ProgramHeader.flags, flags);
    put32(file, row + ProgramHeader.offset, offset);
    put32(file, row + ProgramHeader.vaddr, vaddr);
    put32(file, row + ProgramHeader.fileSize, fileBytes.length);
    put32(file, row + ProgramHeader.memSize, memSize);
    file.set(fileBytes, offset);
    row += ProgramHeader.size;
    offset += fileBytes.length;
  }
  return file;
}
