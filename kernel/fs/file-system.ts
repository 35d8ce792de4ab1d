import type { KernelContext } from '../context.js';
import { BootError } from '../kernel-panic.js';
import { BSIZE } from '../params.js';
import { Bitmap } from './bitmap.js';
import { Blocks } from './blocks.js';
import { checkImage, unlinkedInodes } from './check-image.js';
import { Contents } from './contents.js';
import { Directories } from './directories.js';
import { Disk } from './disk.js';
import { bitmapBlocks, type FileType, ROOTDEV, ROOTINO } from './format.js';
import { fileSystem } from './fs-struct.js';
import { Inodes } from './inodes.js';
import { Log } from './log.js';
import { Names } from './names.js';
import { Paths } from './paths.js';

/** What fstat tells: xv6's struct stat. */
export interface FileStatus {
  readonly dev: number;
  readonly ino: number;
  /** A `FileType`. */
  readonly type: number;
  readonly nlink: number;
  /** Bytes. */
  readonly size: number;
}

/**
 * xv6's file system on the disk in guest RAM.
 *
 * All but `mount` and `transaction` must be called inside a transaction. An inode is named by the address of its in-core slot
 * (`ip`, never 0); whoever is given one has a reference to it, which `iput` gives back. A path has one letter for each byte,
 * without the terminating zero; `cwd` is where a path without a leading slash begins.
 */
export class FileSystem {
  private readonly lock: number;
  private readonly disk: Disk;
  private readonly log: Log;
  private readonly blocks: Blocks;
  private readonly inodes: Inodes;
  private readonly contents: Contents;
  private readonly paths: Paths;
  private readonly names: Names;

  constructor(protected readonly cx: KernelContext) {
    this.lock = fileSystem.fields.lock.at(cx.layout.fs);
    this.disk = new Disk(cx);
    this.log = new Log(cx, this.disk);
    this.blocks = new Blocks(cx, this.disk, this.log);
    this.inodes = new Inodes(cx, this.disk, this.blocks);
    this.contents = new Contents(this.blocks, new Bitmap(this.disk, this.blocks), this.inodes);
    const directories = new Directories(this.inodes, this.contents);
    this.paths = new Paths(this.inodes, this.contents, directories);
    this.names = new Names(this.inodes, this.contents, directories, this.paths);
  }

  /** Whether the machine has a disk. Without one no path leads anywhere. */
  get hasDisk(): boolean {
    return this.cx.layout.config.diskBlocks > 0;
  }

  /** Boot, on hart 0 alone: puts the image onto the disk and recovers it. Throws BootError when it is no file system of the disk's size. */
  mount(image: Uint8Array | undefined): void {
    const { mem, layout } = this.cx;
    const { diskBlocks } = layout.config;
    if (image === undefined) throw new BootError(`there is nothing on the disk of ${diskBlocks} blocks`);
    if (image.length !== diskBlocks * BSIZE)
      throw new BootError(`a disk of ${diskBlocks} blocks cannot hold an image of ${image.length} bytes`);
    const problem = checkImage(image);
    if (problem !== undefined) throw new BootError(`the disk cannot be mounted: ${problem}`);
    mem.write(layout.disk, image);
    this.log.install();
    // Somebody still had them open when the machine stopped that the image comes from.
    for (const inum of unlinkedInodes(image)) this.transaction(() => this.iput(this.inodes.iget(inum)));
  }

  /**
   * Carries `work` out while no other hart can see or change the file system; what it has changed reaches the disk
   * when it returns, all of it or nothing. It must not sleep, nor begin another transaction.
   */
  transaction<T>(work: () => T): T {
    const { spin } = this.cx;
    spin.acquire(this.lock);
    this.blocks.begin();
    const result = work();
    this.blocks.commit();
    spin.release(this.lock);
    return result;
  }

  /**
   * Most bytes that one transaction may write to a file, when it changes nothing else: besides their blocks the log must
   * hold the inode, the block of block numbers, the bitmap, and one more block when they do not begin with a block.
   */
  get maxWrite(): number {
    return (this.log.capacity - bitmapBlocks(this.disk.superblock) - 3) * BSIZE;
  }

  /** The root directory. */
  root(): number {
    return this.inodes.iget(ROOTINO);
  }

  /** The inode that the path leads to, or 0. */
  namei(path: string, cwd: number): number {
    return this.hasDisk ? this.paths.namei(path, cwd) : 0;
  }

  /** A new file, directory or device with one link; a file or device that is there already when a file is asked for. 0 when it cannot be. */
  create(path: string, cwd: number, type: FileType, major: number, minor: number): number {
    return this.hasDisk ? this.names.create(path, cwd, type, major, minor) : 0;
  }

  /** Makes `to` another name of `from`, which is no directory; 0, or -1. */
  link(from: string, to: string, cwd: number): number {
    return this.hasDisk ? this.names.link(from, to, cwd) : -1;
  }

  /** Removes the name; 0, or -1. What it named is freed with its last reference. */
  unlink(path: string, cwd: number): number {
    return this.hasDisk ? this.names.unlink(path, cwd) : -1;
  }

  /** Another reference to the inode, which is returned. */
  idup(ip: number): number {
    return this.inodes.idup(ip);
  }

  /** Gives a reference back. With the last one an inode without links is freed. */
  iput(ip: number): void {
    this.contents.iput(ip);
  }

  stat(ip: number): FileStatus {
    const { type, nlink, size } = this.inodes.read(ip);
    return { dev: ROOTDEV, ino: this.inodes.inumOf(ip), type, nlink, size };
  }

  /** A `FileType`. */
  typeOf(ip: number): number {
    return this.inodes.read(ip).type;
  }

  /** Device number (signed, as on the disk), when it is a device. */
  majorOf(ip: number): number {
    return this.inodes.read(ip).major;
  }

  /** Up to `length` bytes from `offset`, as far as the file goes; none when `offset` is beyond its end. */
  readi(ip: number, offset: number, length: number): Uint8Array {
    return this.contents.readi(ip, offset, length);
  }

  /**
   * Writes at most `maxWrite` bytes. How many were written: fewer when the disk is full; -1 when `offset` is beyond
   * the file's end or the file would become longer than a file can be.
   */
  writei(ip: number, offset: number, data: Uint8Array): number {
    return this.contents.writei(ip, offset, data);
  }

  /** Discards the contents of the file. */
  itrunc(ip: number): void {
    this.contents.itrunc(ip);
  }
}
