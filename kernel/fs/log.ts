import type { KernelContext } from '../context.js';
import { BSIZE } from '../params.js';
import type { Disk } from './disk.js';
import { LOG_HEADER, MAX_LOGGED } from './format.js';

/**
 * xv6's redo log: a transaction's blocks lie in it before any of them goes to its place, so that whoever finds the disk
 * half written can finish it. The header's count is what says so; all of it is written with the fs lock held.
 */
export class Log {
  constructor(
    private readonly cx: KernelContext,
    private readonly disk: Disk,
  ) {}

  /** Most blocks of a transaction. */
  get capacity(): number {
    return Math.min(this.disk.superblock.nlog - 1, MAX_LOGGED);
  }

  /** Writes the blocks, by their numbers, at most `capacity`. */
  commit(blocks: ReadonlyMap<number, Uint8Array>): void {
    if (blocks.size === 0) return;
    const { mem } = this.cx;
    const header = this.header();
    let tail = 0;
    for (const [block, bytes] of blocks) {
      mem.write(this.entry(tail), bytes);
      mem.store32(header + LOG_HEADER.block(tail), block);
      tail++;
    }
    mem.store32(header + LOG_HEADER.count, tail); // from here on the transaction has happened
    this.install();
  }

  /** Finishes the transaction that the log holds, if any, and empties the log. */
  install(): void {
    const { mem } = this.cx;
    const header = this.header();
    const count = mem.load32(header + LOG_HEADER.count);
    for (let tail = 0; tail < count; tail++) {
      const block = mem.load32(header + LOG_HEADER.block(tail));
      mem.copy(this.disk.address(block), this.entry(tail), BSIZE);
    }
    mem.store32(header + LOG_HEADER.count, 0);
  }

  private header(): number {
    return this.disk.address(this.disk.superblock.logstart);
  }

  /** Address of the log's copy of a block. */
  private entry(tail: number): number {
    return this.disk.address(this.disk.superblock.logstart + 1 + tail);
  }
}
