import { readdirSync, readFileSync, statSync } from 'node:fs';
import { checkImage } from '../../kernel/fs/check-image.js';
import { mkfs } from '../../kernel/fs/mkfs.js';
import { USER_PROGRAMS } from '../machine/user-programs.js';
import { UsageError } from './usage-error.js';

const README = `This is the disk of a hartbreak machine: an xv6 file system with our own programs.
What you write lives in memory; hartbreak run --disk-out FILE saves it when the machine stops,
and hartbreak run --disk FILE brings it back.
`;
const HOW_TO_MEND = 'give the path of an image as xv6’s mkfs makes it';
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
};

/** The disk of a machine that is given none: our user programs, all that are built, and a README. */
export function defaultDisk(): Uint8Array {
  const programs = readdirSync(USER_PROGRAMS).sort();
  const files = programs.map((name) => ({ name, data: readFileSync(new URL(name, USER_PROGRAMS)) }));
  return mkfs([{ name: 'README', data: new TextEncoder().encode(README) }, ...files]);
}

/** Reads an image from a file. Throws UsageError with one line when it cannot be read, or is damaged. */
export function loadDisk(path: string): Uint8Array {
  const image = readImage(path);
  const problem = checkImage(image);
  if (problem !== undefined) throw new UsageError(`${path} cannot be mounted: ${problem}; ${HOW_TO_MEND}`);
  return image;
}

/** The bytes of an image, whatever they are. Throws UsageError with one line when they cannot be read. */
export function readImage(path: string): Uint8Array {
  try {
    // A device or a pipe may have no end.
    if (!statSync(path).isFile()) throw new UsageError(`${path} is no regular file; ${HOW_TO_MEND}`);
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`cannot read ${path}: ${REASONS[code] ?? code}; ${HOW_TO_MEND}`);
  }
}
