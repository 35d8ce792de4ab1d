import { panic } from '../kernel-panic.js';
import { BSIZE } from '../params.js';
import type { Blocks } from './blocks.js';
import type { Disk } from './disk.js';
import { BPB, bitAt } from './format.js';

const FULL = 0xff;

/** Which blocks are in use: a bit each, lowest first. */
export class Bitmap {
  constructor(
    private readonly disk: Disk,
    private readonly blocks: Blocks,
  ) {}

  /** The first free block, now in use and full of zeros; 0 when there is none. */
  balloc(): number {
    const { superblock } = this.disk;
    for (let base = 0; base < superblock.size; base += BPB) {
      const bitmap = bitAt(superblock, base).block;
      const bits = this.blocks.peek(bitmap);
      let at = 0;
      while (at < BSIZE && bits[at] === FULL) at++;
      if (at === BSIZE) continue;
      const bit = lowestZero(bits[at]!);
      const block = base + at * 8 + bit;
      if (block >= superblock.size) return 0;
      this.blocks.store8(bitmap, at, bits[at]! | (1 << bit));
      this.blocks.zero(block);
      return block;
    }
    return 0;
  }

  /** Gives the block back. */
  bfree(block: number): void {
    const bit = bitAt(this.disk.superblock, block);
    const byte = this.blocks.load8(bit.block, bit.offset);
    if ((byte & bit.mask) === 0) panic('freeing free block');
    this.blocks.store8(bit.block, bit.offset, byte & ~bit.mask);
  }
}

function lowestZero(byte: number): number {
  return 31 - Math.clz32(~byte & (byte + 1));
}
