import { BSIZE } from '../params.js';
import type { Bitmap } from './bitmap.js';
import type { Blocks } from './blocks.js';
import { type Dinode, FileType, get32, MAXFILE, NDIRECT, NINDIRECT } from './format.js';
import type { Inodes } from './inodes.js';

/** What is in files: the blocks of an inode in their order. */
export class Contents {
  constructor(
    private readonly blocks: Blocks,
    private readonly bitmap: Bitmap,
    private readonly inodes: Inodes,
  ) {}

  /** Up to `length` bytes from `offset`, as far as the file goes. */
  readi(ip: number, offset: number, length: number): Uint8Array {
    const inode = this.inodes.read(ip);
    const data = new Uint8Array(Math.max(0, Math.min(length, inode.size - offset)));
    for (let done = 0; done < data.length; ) {
      const at = (offset + done) % BSIZE;
      const bytes = Math.min(BSIZE - at, data.length - done);
      const block = this.blockAt(inode, Math.floor((offset + done) / BSIZE));
      if (block !== 0) data.set(this.blocks.read(block, at, bytes), done);
      done += bytes;
    }
    return data;
  }

  /**
   * Bytes written: fewer than `data` has when the disk is full. -1 when `offset` is beyond the file's end, or the file
   * would become longer than a file can be.
   */
  writei(ip: number, offset: number, data: Uint8Array): number {
    const inode = this.inodes.read(ip);
    if (offset > inode.size || offset + data.length > MAXFILE * BSIZE) return -1;
    let done = 0;
    while (done < data.length) {
      const at = (offset + done) % BSIZE;
      const bytes = Math.min(BSIZE - at, data.length - done);
      const block = this.bmap(inode, Math.floor((offset + done) / BSIZE));
      if (block === 0) break;
      this.blocks.write(block, at, data.subarray(done, done + bytes));
      done += bytes;
    }
    inode.size = Math.max(inode.size, offset + done);
    // Even when the size is the same: bmap may have given it a block.
    this.inodes.update(ip, inode);
    return done;
  }

  /** Gives all blocks of the file back. */
  itrunc(ip: number): void {
    const inode = this.inodes.read(ip);
    const indirect = inode.addrs[NDIRECT]!;
    for (const block of inode.addrs) if (block !== 0) this.bitmap.bfree(block);
    if (indirect !== 0) {
      const named = this.blocks.peek(indirect);
      for (let i = 0; i < NINDIRECT; i++) {
        const block = get32(named, 4 * i);
        if (block !== 0) this.bitmap.bfree(block);
      }
    }
    inode.addrs.fill(0);
    inode.size = 0;
    this.inodes.update(ip, inode);
  }

  /** Gives a reference back. An inode that has neither links nor other references is freed, with all that is in it. */
  iput(ip: number): void {
    const inode = this.inodes.read(ip);
    if (inode.nlink === 0 && this.inodes.isLastReference(ip)) {
      this.itrunc(ip);
      this.inodes.update(ip, { ...this.inodes.read(ip), type: FileType.Free });
    }
    this.inodes.drop(ip);
  }

  /** Block number of the nth block; 0: it has none there. */
  private blockAt(inode: Dinode, n: number): number {
    if (n < NDIRECT) return inode.addrs[n]!;
    const indirect = inode.addrs[NDIRECT]!;
    return indirect === 0 ? 0 : this.blocks.load32(indirect, 4 * (n - NDIRECT));
  }

  /** As `blockAt`, but it gets one when it has none; 0 when the disk is full. The inode must be written back. */
  private bmap(inode: Dinode, n: number): number {
    const { addrs } = inode;
    const entry = Math.min(n, NDIRECT);
    if (addrs[entry] === 0) addrs[entry] = this.bitmap.balloc();
    const there = this.blockAt(inode, n);
    if (n < NDIRECT || addrs[NDIRECT] === 0 || there !== 0) return there;
    const block = this.bitmap.balloc();
    if (block !== 0) this.blocks.store32(addrs[NDIRECT]!, 4 * (n - NDIRECT), block);
    return block;
  }
}
