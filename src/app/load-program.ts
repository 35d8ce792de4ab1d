import { readFileSync, statSync } from 'node:fs';
import { MAXVA } from '../isa/sv39.js';
import { ElfError, type ElfExecutable, parseElf } from '../machine/elf.js';
import { KERNBASE } from '../memory/map.js';
import { UsageError } from './usage-error.js';

/** Reads a program from a file. Throws UsageError with one line when that is not possible, or it is a kernel. */
export function loadProgram(path: string | URL): ElfExecutable {
  const program = readExecutable(path, 'give the path of a RISC-V program', (bytes) => parseElf(bytes, MAXVA));
  // A program's memory begins at 0 and has no holes, so none that is linked there could be started.
  if (program.entry >= KERNBASE)
    throw new UsageError(
      `${path} is linked for 0x${KERNBASE.toString(16)}, as kernels are; start a kernel by: hartbreak boot ${path}`,
    );
  return program;
}

/** What `parse` makes of a file, which is ELF. Throws UsageError with one line, which ends in how to mend it. */
export function readExecutable<T>(path: string | URL, howToMend: string, parse: (bytes: Uint8Array) => T): T {
  const bytes = readFileOf(path, howToMend);
  try {
    return parse(bytes);
  } catch (error) {
    if (error instanceof ElfError) throw new UsageError(`${path}: ${error.message}`);
    throw error;
  }
}

/** Throws UsageError with one line, which ends in how to mend it, for a file that cannot be read, and for a device. */
export function readFileOf(path: string | URL, howToMend: string): Uint8Array {
  try {
    // A device may have no end.
    if (statSync(path).isCharacterDevice()) throw new UsageError(`${path} is a device; ${howToMend}`);
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`cannot read ${path}: ${REASONS[code] ?? code}; ${howToMend}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};
