import { DEFAULT_ABI } from '../../kernel/abi.js';
import { LockMeter } from '../../kernel/books/lock-meter.js';
import { readLockInstances } from '../../kernel/books/lockstat.js';
import { LockstatBook, lockstatSize, ONLY_COUNTS } from '../../kernel/books/lockstat-book.js';
import { kernelLayoutOf } from '../../kernel/config.js';
import { checkImage, unlinkedInodes } from '../../kernel/fs/check-image.js';
import { FileSystem } from '../../kernel/fs/file-system.js';
import { FileType } from '../../kernel/fs/format.js';
import type { KernelLayout } from '../../kernel/layout.js';
import { DEFAULT_LOCK } from '../../kernel/locks/families.js';
import { Spinlocks } from '../../kernel/locks/spinlock.js';
import { BSIZE } from '../../kernel/params.js';
import { HartCounters } from '../../kernel/process/cpu.js';
import { Hart } from '../../src/hart/hart.js';
import { memoryMap } from '../../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../../src/memory/shared-memory.js';
import { WatchedAccess } from '../../src/memory/watched-access.js';
import { StillEngine } from './kernel-machine.js';

export interface DiskOptions {
  /** Of the disk. */
  readonly blocks: number;
  readonly harts?: number;
  /** A machine that another thread has made, seen from this one. */
  readonly attach?: SharedMemoryHandle;
}

/** The file system without the rest of the kernel: one for each hart, all on this thread. */
export class DiskMachine {
  readonly memory: SharedMemory;
  /** How the file systems access memory. */
  readonly access: WatchedAccess;
  readonly layout: KernelLayout;
  readonly harts: readonly DiskHart[];

  constructor({ blocks, harts = 1, attach }: DiskOptions) {
    const config = { design: 'page-map-lock', form: 'sound', bug: null, processes: 1, diskBlocks: blocks } as const;
    const shape = { harts, memory: 4 };
    this.layout = kernelLayoutOf(config, memoryMap(shape));
    const lockstat = lockstatSize(this.layout, ONLY_COUNTS);
    this.memory = attach === undefined ? SharedMemory.create({ ...shape, lockstat }) : SharedMemory.attach(attach);
    const { ram: mem } = this.memory;
    this.access = new WatchedAccess(mem);
    const book = this.lockstat();
    this.harts = this.layout.cpus.map((cpu, id) => {
      const fs = new FileSystem({
        mem: this.access,
        abi: DEFAULT_ABI,
        layout: this.layout,
        hart: new Hart(id, this.memory, new StillEngine()),
        cpu,
        spin: new Spinlocks(
          this.access,
          id,
          DEFAULT_LOCK,
          this.layout.queueNodes,
          new LockMeter(book, mem, id, () => 0),
        ),
        counters: new HartCounters(mem, cpu),
        doorbells: { markIdle() {}, clearIdle() {}, ringIdle() {} },
        console: { write() {} },
        input: undefined,
        now: () => 0,
        skip: undefined,
      });
      return new DiskHart(fs);
    });
  }

  static mounted(image: Uint8Array, harts = 1): DiskMachine {
    const machine = new DiskMachine({ blocks: image.length / BSIZE, harts });
    machine.files.fs.mount(image);
    return machine;
  }

  get files(): DiskHart {
    return this.harts[0]!;
  }

  /** How often the lock of the file system was taken. */
  transactions(): number {
    return readLockInstances(this.lockstat()).find(({ name }) => name === 'fs')!.acquisitions;
  }

  private lockstat(): LockstatBook {
    const { host, map } = this.memory;
    return LockstatBook.open(host, map.lockstat, this.layout);
  }

  /** What is on the disk. */
  image(): Uint8Array {
    return this.memory.ram.read(this.layout.disk, this.layout.config.diskBlocks * BSIZE);
  }

  /** What is wrong with the disk; inodes without links are, too, when nobody may have one open. */
  damage(open: readonly number[] = []): string | undefined {
    const image = this.image();
    const lost = unlinkedInodes(image).filter((inum) => !open.includes(inum));
    return checkImage(image) ?? (lost.length === 0 ? undefined : `inodes ${lost.join(', ')} ought to have been freed`);
  }

  /** Inodes that somebody has a reference to. */
  referenced(): number[] {
    const { inodes, config } = this.layout;
    const slots = Math.min(config.diskBlocks * 16, 0x1_0000);
    return Array.from({ length: slots }, (_, inum) => inum).filter((inum) => this.memory.ram.load32(inodes + 4 * inum));
  }
}

/** What processes do with files, on one hart: each a transaction, as the system calls have them. */
export class DiskHart {
  constructor(readonly fs: FileSystem) {}

  /** Does something with the inode that the path leads to, in one transaction; undefined when it leads nowhere. */
  at<T>(path: string, work: (ip: number) => T, cwd?: number): T | undefined {
    const { fs } = this;
    return fs.transaction(() => {
      const ip = this.from(cwd, (dir) => fs.namei(path, dir));
      if (ip === 0) return undefined;
      const result = work(ip);
      fs.iput(ip);
      return result;
    });
  }

  /** Whether it could be made. */
  make(path: string, type: FileType = FileType.File, cwd?: number): boolean {
    const { fs } = this;
    return fs.transaction(() => {
      const ip = this.from(cwd, (dir) => fs.create(path, dir, type, 0, 0));
      if (ip !== 0) fs.iput(ip);
      return ip !== 0;
    });
  }

  mkdir(path: string, cwd?: number): boolean {
    return this.make(path, FileType.Directory, cwd);
  }

  link(from: string, to: string, cwd?: number): number {
    return this.fs.transaction(() => this.from(cwd, (dir) => this.fs.link(from, to, dir)));
  }

  unlink(path: string, cwd?: number): number {
    return this.fs.transaction(() => this.from(cwd, (dir) => this.fs.unlink(path, dir)));
  }

  /** A file with these contents. Bytes written. */
  write(path: string, data: Uint8Array): number {
    if (!this.make(path)) throw new Error(`cannot make ${path}`);
    this.at(path, (ip) => this.fs.itrunc(ip));
    let done = 0;
    for (;;) {
      const piece = data.subarray(done, done + this.fs.maxWrite);
      const written = this.at(path, (ip) => this.fs.writei(ip, done, piece)) ?? 0;
      done += written;
      if (written < piece.length || piece.length === 0) return done;
    }
  }

  read(path: string): Uint8Array | undefined {
    return this.at(path, (ip) => this.fs.readi(ip, 0, this.fs.stat(ip).size));
  }

  stat(path: string) {
    return this.at(path, (ip) => this.fs.stat(ip));
  }

  /** A reference to the inode, as an open file or a current directory has. */
  open(path: string): number {
    return this.at(path, (ip) => this.fs.idup(ip)) ?? 0;
  }

  close(ip: number): void {
    this.fs.transaction(() => this.fs.iput(ip));
  }

  /** Calls with the current directory, or with the root. */
  private from<T>(cwd: number | undefined, call: (dir: number) => T): T {
    if (cwd !== undefined) return call(cwd);
    const root = this.fs.root();
    const result = call(root);
    this.fs.iput(root);
    return result;
  }
}

/** Bytes that differ from place to place. */
export function pattern(length: number, seed = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => seed + i + (i >>> 8));
}
