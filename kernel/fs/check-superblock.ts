import { BSIZE, MAXOPBLOCKS } from '../params.js';
import {
  bitmapBlocks,
  FSMAGIC,
  get32,
  IPB,
  LOG_HEADER,
  MAX_INODES,
  MAX_LOGGED,
  ROOTINO,
  readSuperblock,
  SUPERBLOCK,
  type Superblock,
} from './format.js';

/** What is wrong with where the superblock says that things lie. */
export function checkGeometry(image: Uint8Array): string | undefined {
  const blocks = image.length / BSIZE;
  if (blocks <= SUPERBLOCK + 1) return `it has ${image.length} bytes, too few for a file system`;
  const superblock = superblockOf(image);
  const { magic, size, nblocks, ninodes, nlog, logstart, inodestart, bmapstart } = superblock;
  if (magic !== FSMAGIC) return `it is no xv6 file system: its magic number is 0x${hex(magic)}, not 0x${hex(FSMAGIC)}`;
  if (size !== blocks) return `its superblock says ${size} blocks of ${BSIZE} bytes, but it has ${image.length} bytes`;
  if (ninodes <= ROOTINO || ninodes > MAX_INODES) return `its superblock says ${ninodes} inodes`;
  const parts = [
    ['log', logstart, nlog],
    ['inodes', inodestart, Math.ceil(ninodes / IPB)],
    ['bitmap', bmapstart, bitmapBlocks(superblock)],
    ['data', size - nblocks, nblocks],
  ] as const;
  let end = SUPERBLOCK + 1;
  for (const [name, start, length] of parts) {
    if (start < end || start + length > size)
      return `its superblock puts the ${name} at block ${start}, ${length} long, which is not between ${end} and ${size}`;
    end = start + length;
  }
  // The log must hold any operation; it may free a file, whose blocks may be all over the disk.
  const least = 1 + MAXOPBLOCKS + bitmapBlocks(superblock);
  return nlog < least ? `its log has ${nlog} blocks, and needs ${least}` : undefined;
}

/** What is wrong with the transaction that the log holds; the geometry is sound. */
export function checkLog(image: Uint8Array): string | undefined {
  const { logstart, nlog, inodestart, size } = superblockOf(image);
  const header = image.subarray(logstart * BSIZE, (logstart + 1) * BSIZE);
  const count = get32(header, LOG_HEADER.count);
  if (count > Math.min(nlog - 1, MAX_LOGGED)) return `its log of ${nlog} blocks says that it holds ${count}`;
  for (let tail = 0; tail < count; tail++) {
    const block = get32(header, LOG_HEADER.block(tail));
    if (block < inodestart || block >= size) return `its log holds block ${block}, which is none that is ever logged`;
  }
  return undefined;
}

function superblockOf(image: Uint8Array): Superblock {
  return readSuperblock(image.subarray(SUPERBLOCK * BSIZE, (SUPERBLOCK + 1) * BSIZE));
}

function hex(value: number): string {
  return value.toString(16);
}
