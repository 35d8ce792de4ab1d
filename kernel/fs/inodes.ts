import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import type { Blocks } from './blocks.js';
import type { Disk } from './disk.js';
import {
  DINODE_SIZE,
  type Dinode,
  dinodeAt,
  FileType,
  newDinode,
  readDinode,
  typeOfFirstWord,
  writeDinode,
} from './format.js';
import { inode } from './fs-struct.js';

const { ref } = inode.fields;

/** Inodes: on the disk by their numbers, and as things that others refer to by their addresses. */
export class Inodes {
  constructor(
    private readonly cx: KernelContext,
    private readonly disk: Disk,
    private readonly blocks: Blocks,
  ) {}

  /** A reference to the inode with this number. */
  iget(inum: number): number {
    return this.idup(this.cx.layout.inodes + inum * inode.size);
  }

  inumOf(ip: number): number {
    return (ip - this.cx.layout.inodes) / inode.size;
  }

  idup(ip: number): number {
    const { mem } = this.cx;
    this.blocks.mustBeOpen();
    ref.store(mem, ip, ref.load(mem, ip) + 1);
    return ip;
  }

  isLastReference(ip: number): boolean {
    return ref.load(this.cx.mem, ip) === 1;
  }

  /** Gives a reference back, and nothing more. */
  drop(ip: number): void {
    const { mem } = this.cx;
    this.blocks.mustBeOpen();
    const count = ref.load(mem, ip);
    if (count < 1) panic('iput');
    ref.store(mem, ip, count - 1);
  }

  /** A new inode, free but for its type, and a reference to it; 0 when there is none. */
  ialloc(type: FileType): number {
    const { ninodes } = this.disk.superblock;
    for (let inum = 1; inum < ninodes; inum++) {
      if (!this.isFree(inum)) continue;
      const ip = this.iget(inum);
      this.update(ip, newDinode(type));
      return ip;
    }
    return 0;
  }

  isFree(inum: number): boolean {
    const { block, offset } = dinodeAt(this.disk.superblock, inum);
    return typeOfFirstWord(this.blocks.load32(block, offset)) === FileType.Free;
  }

  /** What the disk says of the inode. */
  read(ip: number): Dinode {
    if (ref.load(this.cx.mem, ip) < 1) panic('ilock');
    const { block, offset } = dinodeAt(this.disk.superblock, this.inumOf(ip));
    return readDinode(this.blocks.read(block, offset, DINODE_SIZE), 0);
  }

  /** Writes it back: after every change. */
  update(ip: number, to: Dinode): void {
    const { block, offset } = dinodeAt(this.disk.superblock, this.inumOf(ip));
    const bytes = new Uint8Array(DINODE_SIZE);
    writeDinode(bytes, 0, to);
    this.blocks.write(block, offset, bytes);
  }
}
