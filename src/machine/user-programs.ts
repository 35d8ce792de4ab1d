import { readFileSync } from 'node:fs';
import { MAXVA } from '../isa/sv39.js';
import { PACKAGE_ROOT } from '../memory/package-root.js';
import { type ElfExecutable, parseElf } from './elf.js';

/** Our own user programs as they are built. */
export const USER_PROGRAMS = new URL('kernel/user/bin/', PACKAGE_ROOT);

/** One of our own user programs, by name. Throws what reading it throws, as none of them is ever missing. */
export function userProgram(name: string): ElfExecutable {
  return parseElf(readFileSync(new URL(name, USER_PROGRAMS)), MAXVA);
}
