import { atomic32, struct, u32 } from '../../src/memory/struct.js';

/** What an open file is open on. */
export const OpenFile = { Unused: 0, New: 1, Pipe: 2, Inode: 3, Device: 4 } as const;
export type OpenFile = (typeof OpenFile)[keyof typeof OpenFile];

/**
 * An open file: what file descriptors, of one process or of several, refer to. No lock guards it: `type` says whose it is,
 * `ref` who may still use it.
 */
export const file = struct('file', {
  /**
   * An `OpenFile`. Claimed by a compare-exchange from Unused, which pairs with the store of Unused by whoever dropped the
   * last reference: so the next owner comes after all that the one before did with it.
   */
  type: atomic32,
  /** File descriptors that refer to it. Only who has a reference may add one, so it never comes back from 0. */
  ref: atomic32,

  // Written by its first owner before anybody else has a reference.
  readable: u32,
  writable: u32,
  /** Of a pipe: its address. */
  pipe: u32,
  /** Of an inode or device: the in-core inode, or 0 for the console that the kernel itself has opened. */
  ip: u32,
  /** Of a device: its number. */
  major: u32,

  // fs.lock must be held to use it.
  /** Where the next read or write begins. */
  off: u32,
});
