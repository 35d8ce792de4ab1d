import { ElfError, ElfReader, hex } from '../symbols/elf-reader.js';
import { ProgramSymbols } from '../symbols/program-symbols.js';
import { checkHeader, Header, loadHeaders, ProgramHeader } from './elf.js';

/** What of a kernel lies where in RAM. */
export interface ImagePiece {
  /** Physical address of the first byte. */
  readonly at: number;
  /** A view of the file, at most `memSize` long; the rest is zero. */
  readonly fileBytes: Uint8Array;
  /** Bytes in memory, at least 1. */
  readonly memSize: number;
}

/** A kernel as a board without firmware starts it: in machine mode, at its entry, loaded where it is to run. */
export interface KernelImage {
  /** Physical address of the first instruction. */
  readonly entry: number;
  /** By address; no two overlap. */
  readonly pieces: readonly ImagePiece[];
  /** What its addresses are called. */
  readonly symbols: ProgramSymbols;
}

const HOW_TO_LINK = 'link it for QEMU’s virt board, whose RAM begins at 0x80000000';

/**
 * Reads a kernel (ELF64, RISC-V, static).
 *
 * @param ram the addresses that it may use: physical, `end` exclusive
 * Throws `ElfError`, and nothing else, on a file that is anything other than that. The views keep `bytes` alive.
 */
export function parseKernel(bytes: Uint8Array, ram: { readonly start: number; readonly end: number }): KernelImage {
  const file = new ElfReader(bytes);
  checkHeader(file);
  const pieces = loadHeaders(file)
    .map((at) => readPiece(file, at, ram))
    .filter(({ memSize }) => memSize > 0)
    .sort((a, b) => a.at - b.at);
  if (pieces.length === 0) throw new ElfError(`it has no loadable segment; ${HOW_TO_LINK}`);
  pieces.reduce((before, after) => {
    if (before.at + before.memSize > after.at)
      throw new ElfError(`its segments at ${hex(before.at)} and ${hex(after.at)} overlap; ${HOW_TO_LINK}`);
    return after;
  });
  const entry = file.u64(Header.entry);
  if (!pieces.some(({ at, memSize }) => entry >= BigInt(at) && entry < BigInt(at + memSize)))
    throw new ElfError(`its entry point ${hex(entry)} lies in none of its segments; ${HOW_TO_LINK}`);
  if (entry % 2n !== 0n) throw new ElfError(`its entry point ${hex(entry)} is odd; no instruction can be there`);
  return { entry: Number(entry), pieces, symbols: new ProgramSymbols(bytes) };
}

function readPiece(file: ElfReader, at: number, ram: { readonly start: number; readonly end: number }): ImagePiece {
  const start = file.u64(at + ProgramHeader.paddr);
  const fileSize = file.u64(at + ProgramHeader.fileSize);
  const memSize = file.u64(at + ProgramHeader.memSize);
  const which = `its segment at ${hex(start)}`;
  if (fileSize > memSize)
    throw new ElfError(`${which} has ${fileSize} bytes in the file but only ${memSize} in memory; build it again`);
  if (memSize > 0n && (start < BigInt(ram.start) || start + memSize > BigInt(ram.end)))
    throw new ElfError(
      `${which} (${memSize} bytes) lies outside RAM, which goes from ${hex(ram.start)} to ${hex(ram.end)}; ${HOW_TO_LINK}, or give the machine more --memory`,
    );
  return {
    at: Number(start),
    fileBytes: file.slice(file.u64(at + ProgramHeader.offset), fileSize, `segment at ${hex(start)}`),
    memSize: Number(memSize),
  };
}
