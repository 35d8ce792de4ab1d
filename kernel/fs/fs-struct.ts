import { array, type FieldType, type Sequence, struct, u32 } from '../../src/memory/struct.js';
import { spinlock } from '../locks/spinlock.js';
import { IPB, MAX_INODES } from './format.js';

/** What all operations on the file system share. */
export const fileSystem = struct('fs', {
  /** Guards the disk, and which inodes are in use: held from the beginning of a transaction to its end. */
  lock: spinlock,
});

/** An inode as the running kernel knows it; what it contains is on the disk. Its address is how others name it. */
export const inode = struct('inode', {
  /** Open files, current directories and operations under way that refer to it. fs.lock must be held. */
  ref: u32,
});

/** By inode number, and as long as the disk could have inodes: so there is nothing to search, and it cannot run out. */
export function inodeTable(diskBlocks: number): FieldType<Sequence<unknown>> {
  return array(inode, Math.min(diskBlocks * IPB, MAX_INODES));
}
