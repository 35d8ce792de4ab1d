import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import { BSIZE } from '../params.js';
import { readSuperblock, SUPERBLOCK, type Superblock } from './format.js';

/** The disk: a part of guest RAM. */
export class Disk {
  private mounted: Superblock | undefined;

  constructor(private readonly cx: KernelContext) {}

  /** Where the parts of the file system lie. It never changes once it is mounted, so every hart may keep it. */
  get superblock(): Superblock {
    this.mounted ??= readSuperblock(this.cx.mem.read(this.address(SUPERBLOCK), BSIZE));
    return this.mounted;
  }

  /** Where the block lies in guest RAM. Panics when the disk has no such block: something on it is damaged. */
  address(block: number): number {
    const { disk, config } = this.cx.layout;
    if (block >= config.diskBlocks) panic('bread: no such block');
    return disk + block * BSIZE;
  }
}
