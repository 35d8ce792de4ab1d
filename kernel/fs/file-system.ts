import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';

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
  constructor(protected readonly cx: KernelContext) {}

  /** Whether the machine has a disk. Without one no path leads anywhere. */
  get hasDisk(): boolean {
    return this.cx.layout.config.diskBlocks > 0;
  }

  /** Boot, on hart 0 alone: puts the image onto the disk and recovers it. Throws BootError when it is no file system of the disk's size. */
  mount(_image: Uint8Array | undefined): void {
    panic('not yet');
  }

  /**
   * Carries `work` out while no other hart can see or change the file system; what it has changed reaches the disk
   * when it returns, all of it or nothing. It must not sleep, nor begin another transaction.
   */
  transaction<T>(_work: () => T): T {
    return panic('not yet');
  }

  /** Most bytes that one transaction may write to a file. */
  get maxWrite(): number {
    return panic('not yet');
  }

  /** The root directory. */
  root(): number {
    return panic('not yet');
  }

  /** The inode that the path leads to, or 0. */
  namei(_path: string, _cwd: number): number {
    return panic('not yet');
  }

  /** A new file, directory or device with one link; a file or device that is there already when a file is asked for. 0 when it cannot be. */
  create(_path: string, _cwd: number, _type: number, _major: number, _minor: number): number {
    return panic('not yet');
  }

  /** Makes `to` another name of `from`; 0, or -1. */
  link(_from: string, _to: string, _cwd: number): number {
    return panic('not yet');
  }

  /** Removes the name; 0, or -1. What it named is freed with its last reference. */
  unlink(_path: string, _cwd: number): number {
    return panic('not yet');
  }

  /** Another reference to the inode, which is returned. */
  idup(_ip: number): number {
    return panic('not yet');
  }

  /** Gives a reference back. With the last one an inode without links is freed. */
  iput(_ip: number): void {
    panic('not yet');
  }

  stat(_ip: number): FileStatus {
    return panic('not yet');
  }

  /** A `FileType`. */
  typeOf(_ip: number): number {
    return panic('not yet');
  }

  /** Device number (signed, as on the disk), when it is a device. */
  majorOf(_ip: number): number {
    return panic('not yet');
  }

  /** Up to `length` bytes from `offset`, as far as the file goes; none when `offset` is beyond its end. */
  readi(_ip: number, _offset: number, _length: number): Uint8Array {
    return panic('not yet');
  }

  /**
   * Writes at most `maxWrite` bytes. How many were written: fewer when the disk is full; -1 when `offset` is beyond
   * the file's end or the file would become longer than a file can be.
   */
  writei(_ip: number, _offset: number, _data: Uint8Array): number {
    return panic('not yet');
  }

  /** Discards the contents of the file. */
  itrunc(_ip: number): void {
    panic('not yet');
  }
}
