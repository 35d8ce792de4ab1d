import { BSIZE } from '../params.js';

/**
 * xv6's file system as it lies on the disk, little-endian throughout:
 *
 *     boot block | superblock | log | inodes | bitmap of blocks in use | data blocks
 *
 * A block is a Uint8Array of BSIZE bytes.
 */
export const FSMAGIC = 0x1020_3040;
export const SUPERBLOCK = 1;
export const ROOTINO = 1;
/** The one disk's device number. */
export const ROOTDEV = 1;

/** What an inode is; 0 is a free one. */
export const FileType = { Free: 0, Directory: 1, File: 2, Device: 3 } as const;
export type FileType = (typeof FileType)[keyof typeof FileType];

/** Bytes of an inode on the disk; inodes and bits of the bitmap in a block. */
export const DINODE_SIZE = 64;
export const IPB = BSIZE / DINODE_SIZE;
export const BPB = BSIZE * 8;
/** Block numbers in an inode: of its first blocks, and then of the block that names the rest. */
export const NDIRECT = 12;
export const NINDIRECT = BSIZE / 4;
/** Most blocks of a file. */
export const MAXFILE = NDIRECT + NINDIRECT;
/** Links are a C short. */
export const MAX_NLINK = 0x7fff;

/** A directory is a file of these: the inode's number (u16; 0: the entry is free) and its name, padded with zeros. */
export const DIRENT_SIZE = 16;
export const DIRSIZ = 14;
/** Numbers that an entry can name. */
export const MAX_INODES = 0x1_0000;

/** Where the parts lie: the superblock's words, in the disk's order. */
export interface Superblock {
  readonly magic: number;
  /** Blocks of the whole file system, and of its data. */
  readonly size: number;
  readonly nblocks: number;
  readonly ninodes: number;
  /** Blocks of the log, its header included. */
  readonly nlog: number;
  /** First block of each part. */
  readonly logstart: number;
  readonly inodestart: number;
  readonly bmapstart: number;
}
const SUPERBLOCK_WORDS = [
  'magic',
  'size',
  'nblocks',
  'ninodes',
  'nlog',
  'logstart',
  'inodestart',
  'bmapstart',
] as const;

export function readSuperblock(block: Uint8Array): Superblock {
  const [magic, size, nblocks, ninodes, nlog, logstart, inodestart, bmapstart] = SUPERBLOCK_WORDS.map((_, i) =>
    get32(block, 4 * i),
  ) as [number, number, number, number, number, number, number, number];
  return { magic, size, nblocks, ninodes, nlog, logstart, inodestart, bmapstart };
}

export function writeSuperblock(block: Uint8Array, superblock: Superblock): void {
  for (const [i, word] of SUPERBLOCK_WORDS.entries()) put32(block, 4 * i, superblock[word]);
}

/** Blocks of the bitmap that are needed; there may be more. */
export function bitmapBlocks({ size }: Superblock): number {
  return Math.ceil(size / BPB);
}

/** Where an inode lies: its block, and the byte in it. */
export function dinodeAt(
  { inodestart }: Superblock,
  inum: number,
): { readonly block: number; readonly offset: number } {
  return { block: inodestart + Math.floor(inum / IPB), offset: (inum % IPB) * DINODE_SIZE };
}

/** Where a block's bit lies in the bitmap: its block, the byte in it, and the bit in that. */
export function bitAt({ bmapstart }: Superblock, block: number) {
  return {
    block: bmapstart + Math.floor(block / BPB),
    offset: Math.floor((block % BPB) / 8),
    mask: 1 << (block % 8),
  } as const;
}

/** In the log's first block: the number of blocks that follow it, and where each of them belongs. */
export const LOG_HEADER = { count: 0, block: (index: number) => 4 + 4 * index } as const;
/** Most blocks that the header can name. */
export const MAX_LOGGED = BSIZE / 4 - 1;

/** An inode. A change reaches the disk when it is written back. */
export interface Dinode {
  type: number;
  /** Of a device. */
  major: number;
  minor: number;
  /** Directory entries that name it; `.` does not count. */
  nlink: number;
  /** Bytes. */
  size: number;
  /** NDIRECT + 1 block numbers; 0: none. */
  readonly addrs: number[];
}

export function readDinode(bytes: Uint8Array, at: number): Dinode {
  const addrs: number[] = [];
  for (let i = 0; i <= NDIRECT; i++) addrs.push(get32(bytes, at + 12 + 4 * i));
  return {
    type: getShort(bytes, at),
    major: getShort(bytes, at + 2),
    minor: getShort(bytes, at + 4),
    nlink: getShort(bytes, at + 6),
    size: get32(bytes, at + 8),
    addrs,
  };
}

/** The type of the inode that begins with this word. */
export function typeOfFirstWord(word: number): number {
  return (word << 16) >> 16;
}

export function writeDinode(bytes: Uint8Array, at: number, inode: Dinode): void {
  put16(bytes, at, inode.type);
  put16(bytes, at + 2, inode.major);
  put16(bytes, at + 4, inode.minor);
  put16(bytes, at + 6, inode.nlink);
  put32(bytes, at + 8, inode.size);
  for (let i = 0; i <= NDIRECT; i++) put32(bytes, at + 12 + 4 * i, inode.addrs[i]!);
}

export function newDinode(type: FileType): Dinode {
  return { type, major: 0, minor: 0, nlink: 0, size: 0, addrs: Array.from({ length: NDIRECT + 1 }, () => 0) };
}

/** The name of the entry at `at`, one letter for each byte. */
export function direntName(bytes: Uint8Array, at: number): string {
  let name = '';
  for (let i = at + 2; i < at + DIRENT_SIZE && bytes[i] !== 0; i++) name += String.fromCharCode(bytes[i]!);
  return name;
}

/** Whether the entry at `at` has this name. */
export function isNamed(bytes: Uint8Array, at: number, name: string): boolean {
  for (let i = 0; i < DIRSIZ; i++) {
    const letter = i < name.length ? name.charCodeAt(i) : 0;
    if (bytes[at + 2 + i] !== letter) return false;
    if (letter === 0) return true;
  }
  return name.length <= DIRSIZ;
}

/** An entry's bytes. `name` has at most DIRSIZ letters, one for each byte. */
export function dirent(inum: number, name: string): Uint8Array {
  const bytes = new Uint8Array(DIRENT_SIZE);
  put16(bytes, 0, inum);
  for (let i = 0; i < name.length; i++) bytes[2 + i] = name.charCodeAt(i);
  return bytes;
}

export function get16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

/** A C short. */
function getShort(bytes: Uint8Array, at: number): number {
  return (get16(bytes, at) << 16) >> 16;
}

/** Unsigned. */
export function get32(bytes: Uint8Array, at: number): number {
  return (get16(bytes, at) | (get16(bytes, at + 2) << 16)) >>> 0;
}

export function get64(bytes: Uint8Array, at: number): bigint {
  return BigInt(get32(bytes, at)) | (BigInt(get32(bytes, at + 4)) << 32n);
}

export function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

export function put32(bytes: Uint8Array, at: number, value: number): void {
  put16(bytes, at, value);
  put16(bytes, at + 2, value >>> 16);
}
