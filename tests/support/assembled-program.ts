import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble } from '../../src/isa/assemble.js';
import { elfImage } from './elf-image.js';
import { emptyFolder } from './files.js';

/** ELF header and one program header. */
const CONTENT = 64 + 56;
const READ_WRITE_EXECUTE = 7;

/** System calls, numbered as in xv6. */
const CALLS = `
  .set SYS_fork, 1
  .set SYS_exit, 2
  .set SYS_wait, 3
  .set SYS_sleep, 13
  .set SYS_write, 16
`;

/** Writes a user program, one segment at 0 that begins with its first instruction, to a file of its own. The path. */
export function assembledProgram(source: string): string {
  const { bytes } = assemble(CALLS + source);
  const size = BigInt(bytes.length);
  const image = elfImage({
    content: bytes.length,
    segments: [{ flags: READ_WRITE_EXECUTE, fileSize: size, memSize: size }],
  });
  image.set(bytes, CONTENT);
  return programFile(image);
}

const folder = emptyFolder();
let files = 0;

/** Writes the bytes to a file of their own, which goes when all tests have run. The path. */
export function programFile(bytes: Uint8Array): string {
  const path = join(folder, `program-${files++}`);
  writeFileSync(path, bytes);
  return path;
}
