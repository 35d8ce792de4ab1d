import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import { BSIZE } from '../params.js';
import type { Disk } from './disk.js';
import { get32, put32 } from './format.js';
import type { Log } from './log.js';

const SPARE = 32;

/**
 * The disk's blocks as the transaction under way sees them. What it changes stays on this hart, where nobody else looks,
 * until it commits; a hart that dies in between leaves the disk as it was.
 */
export class Blocks {
  private readonly changed = new Map<number, Uint8Array>();
  /** Buffers of blocks that have been committed, to be used again. */
  private readonly spare: Uint8Array[] = [];
  private open = false;

  constructor(
    private readonly cx: KernelContext,
    private readonly disk: Disk,
    private readonly log: Log,
  ) {}

  begin(): void {
    this.open = true;
  }

  commit(): void {
    this.log.commit(this.changed);
    for (const buffer of this.changed.values()) if (this.spare.length < SPARE) this.spare.push(buffer);
    this.changed.clear();
    this.open = false;
  }

  /** Panics outside a transaction. */
  mustBeOpen(): void {
    if (!this.open) panic('file system outside of a transaction');
  }

  /** A copy of `length` bytes of the block from `offset`. */
  read(block: number, offset: number, length: number): Uint8Array {
    const mine = this.changed.get(block);
    return mine === undefined
      ? this.cx.mem.read(this.disk.address(block) + offset, length)
      : mine.slice(offset, offset + length);
  }

  /** The whole block, to be looked at before the next change and not to be written into. */
  peek(block: number): Uint8Array {
    return this.changed.get(block) ?? this.cx.mem.read(this.disk.address(block), BSIZE);
  }

  write(block: number, offset: number, data: Uint8Array): void {
    this.change(block, data.length < BSIZE).set(data, offset);
  }

  load8(block: number, offset: number): number {
    const mine = this.changed.get(block);
    return mine === undefined ? this.cx.mem.load8(this.disk.address(block) + offset) : mine[offset]!;
  }

  store8(block: number, offset: number, value: number): void {
    this.change(block, true)[offset] = value;
  }

  /** The word at `offset`, a multiple of 4. */
  load32(block: number, offset: number): number {
    const mine = this.changed.get(block);
    return mine === undefined ? this.cx.mem.load32(this.disk.address(block) + offset) : get32(mine, offset);
  }

  store32(block: number, offset: number, value: number): void {
    put32(this.change(block, true), offset, value);
  }

  zero(block: number): void {
    this.change(block, false).fill(0);
  }

  /** The transaction's own copy of the block. `keep`: with what is in the block, of which some will stay; else with anything. */
  private change(block: number, keep: boolean): Uint8Array {
    const mine = this.changed.get(block);
    if (mine !== undefined) return mine;
    this.mustBeOpen();
    if (this.changed.size === this.log.capacity) panic('too big a transaction');
    const copy = keep ? this.cx.mem.read(this.disk.address(block), BSIZE) : (this.spare.pop() ?? new Uint8Array(BSIZE));
    this.changed.set(block, copy);
    return copy;
  }
}
