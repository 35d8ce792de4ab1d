import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import { get32 } from '../../fs/format.js';
import { OpenMode } from '../../trap/sys-path.js';
import { DATA, MORE_DATA, STACK_TOP } from '../stage.js';
import type { User } from '../user.js';

/** What is written and read, in the page that players share. */
export const BUFFER = DATA + 512;
/** Three pages that sbrk has promised, of which the one in the middle was touched. */
export const PROMISED = STACK_TOP;
export const TOUCHED = PROMISED + PAGE_SIZE;
export const PROMISED_BYTES = 3 * PAGE_SIZE;
/** Where a process keeps what the kernel is told by address, in another page that they share. */
export const Text = {
  program: MORE_DATA + 64,
  /** exec's array of arguments. */
  argv: MORE_DATA + 96,
  file: MORE_DATA + 128,
  otherName: MORE_DATA + 160,
  newName: MORE_DATA + 192,
  directory: MORE_DATA + 224,
} as const;

/** Names on the disk, by where they stand. `file` and `otherName` are two links to one file. */
export const NAMES = [
  [Text.program, 'prog'],
  [Text.file, 'a'],
  [Text.otherName, 'b'],
  [Text.newName, 'new'],
  [Text.directory, 'dir'],
] as const;

/** File descriptors of players: of a pipe, and of the file. */
export const Fd = { read: 0, write: 1, file: 2 } as const;

export const { create: CREATE, readWrite: READ_WRITE } = OpenMode;

/** Stores a text with its terminating zero, in whole words. */
export function storeText(user: User, va: number, text: string): void {
  const bytes = new Uint8Array(4 * Math.ceil((text.length + 1) / 4));
  bytes.set(new TextEncoder().encode(text));
  for (let at = 0; at < bytes.length; at += 4) user.store(va + at, get32(bytes, at));
}
