import { BSIZE, LOGSIZE } from '../params.js';
import {
  BPB,
  bitAt,
  DIRSIZ,
  type Dinode,
  dinodeAt,
  dirent,
  FileType,
  FSMAGIC,
  get32,
  IPB,
  MAXFILE,
  NDIRECT,
  newDinode,
  put32,
  ROOTINO,
  SUPERBLOCK,
  type Superblock,
  writeDinode,
  writeSuperblock,
} from './format.js';

/** A file to be put into the root directory. */
export interface NamedFile {
  readonly name: string;
  readonly data: Uint8Array;
}

export interface ImageSize {
  readonly blocks?: number;
  readonly inodes?: number;
}

/** xv6's. */
const FSSIZE = 2000;
const NINODES = 200;

/**
 * An image with these files, byte for byte what xv6's mkfs makes of them. Throws RangeError when they do not fit, or
 * a name is none.
 */
export function mkfs(files: readonly NamedFile[], { blocks = FSSIZE, inodes = NINODES }: ImageSize = {}): Uint8Array {
  return new ImageMaker(blocks, inodes).make(files);
}

class ImageMaker {
  private readonly image: Uint8Array;
  private readonly superblock: Superblock;
  private nextBlock: number;
  private nextInode = ROOTINO;

  constructor(blocks: number, inodes: number) {
    const inodeBlocks = Math.floor(inodes / IPB) + 1;
    const bitmap = Math.floor(blocks / BPB) + 1;
    const inodestart = SUPERBLOCK + 1 + LOGSIZE;
    const bmapstart = inodestart + inodeBlocks;
    this.nextBlock = bmapstart + bitmap;
    if (blocks <= this.nextBlock) throw new RangeError(`${blocks} blocks are too few for ${inodes} inodes`);
    this.image = new Uint8Array(blocks * BSIZE);
    this.superblock = {
      magic: FSMAGIC,
      size: blocks,
      nblocks: blocks - this.nextBlock,
      ninodes: inodes,
      nlog: LOGSIZE,
      logstart: SUPERBLOCK + 1,
      inodestart,
      bmapstart,
    };
    writeSuperblock(this.block(SUPERBLOCK), this.superblock);
  }

  make(files: readonly NamedFile[]): Uint8Array {
    const names = new Set(['.', '..']);
    const root = this.ialloc(FileType.Directory);
    for (const name of names) this.append(root.inode, dirent(ROOTINO, name), '/');
    for (const { name, data } of files) {
      if (!isName(name))
        throw new RangeError(`'${name}' is no name for a file: one has 1 to ${DIRSIZ} letters, no '/'`);
      if (names.has(name)) throw new RangeError(`there are two files named '${name}'`);
      names.add(name);
      const { inum, inode } = this.ialloc(FileType.File);
      this.append(root.inode, dirent(inum, name), '/');
      this.append(inode, data, name);
      this.put(inum, inode);
    }
    // xv6's mkfs leaves the root with room for more entries.
    root.inode.size = (Math.floor(root.inode.size / BSIZE) + 1) * BSIZE;
    this.put(root.inum, root.inode);
    for (let block = 0; block < this.nextBlock; block++) {
      const bit = bitAt(this.superblock, block);
      this.block(bit.block)[bit.offset]! |= bit.mask;
    }
    return this.image;
  }

  private ialloc(type: FileType): { readonly inum: number; readonly inode: Dinode } {
    const { ninodes } = this.superblock;
    if (this.nextInode >= ninodes) throw new RangeError(`${ninodes} inodes are too few for the files`);
    return { inum: this.nextInode++, inode: { ...newDinode(type), nlink: 1 } };
  }

  private put(inum: number, inode: Dinode): void {
    const { block, offset } = dinodeAt(this.superblock, inum);
    writeDinode(this.block(block), offset, inode);
  }

  /** `name`: for messages. */
  private append(inode: Dinode, data: Uint8Array, name: string): void {
    if (inode.size + data.length > MAXFILE * BSIZE)
      throw new RangeError(`'${name}' has more than ${MAXFILE * BSIZE} bytes, the most that a file can have`);
    for (let done = 0; done < data.length; ) {
      const at = inode.size % BSIZE;
      const bytes = Math.min(BSIZE - at, data.length - done);
      const block = this.bmap(inode, Math.floor(inode.size / BSIZE));
      this.block(block).set(data.subarray(done, done + bytes), at);
      inode.size += bytes;
      done += bytes;
    }
  }

  private bmap(inode: Dinode, n: number): number {
    const { addrs } = inode;
    const entry = Math.min(n, NDIRECT);
    if (addrs[entry] === 0) addrs[entry] = this.balloc();
    if (n < NDIRECT) return addrs[n]!;
    const indirect = this.block(addrs[NDIRECT]!);
    const at = 4 * (n - NDIRECT);
    if (get32(indirect, at) === 0) put32(indirect, at, this.balloc());
    return get32(indirect, at);
  }

  private balloc(): number {
    const { size } = this.superblock;
    if (this.nextBlock === size) throw new RangeError(`${size} blocks are too few for the files`);
    return this.nextBlock++;
  }

  private block(number: number): Uint8Array {
    return this.image.subarray(number * BSIZE, (number + 1) * BSIZE);
  }
}

function isName(name: string): boolean {
  return name.length > 0 && name.length <= DIRSIZ && /^[^/\0\u{100}-\u{10ffff}]+$/u.test(name);
}
