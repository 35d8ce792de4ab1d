import { mkfs, type NamedFile } from '../../kernel/fs/mkfs.js';
import { Sys } from '../../kernel/trap/syscall.js';
import type { Next } from '../../src/hart/trap-handler.js';
import { DATA, KernelMachine, type Options } from './kernel-machine.js';

/** A small disk with these files. */
export function disk(files: readonly NamedFile[] = [], blocks = 200): Uint8Array {
  return mkfs(files, { blocks, inodes: 40 });
}

export function text(content: string): Uint8Array {
  return Uint8Array.from(content, (letter) => letter.charCodeAt(0));
}

/** Where paths are put, the first and the second of a call. */
const PATH = DATA;
const OTHER_PATH = DATA + 0x200;
/** Where exec's pointers and strings are put. */
const POINTERS = DATA + 0x400;
const STRINGS = DATA + 0x800;
/** A page that nothing else lies on. */
export const BUFFER = DATA + 0x1000;

/** Plays the user program of whatever process runs on a hart, as far as it is about files. */
export class DiskUser {
  constructor(
    readonly machine: KernelMachine,
    readonly hart = 0,
  ) {}

  static booted(options: Options = {}): DiskUser {
    return new DiskUser(KernelMachine.booted({ disk: disk(), ...options }));
  }

  /** Stores what a user program would; throws when it could not. */
  put(va: number, content: Uint8Array | string): void {
    const { copyUser } = this.machine.kernels[this.hart]!.parts;
    const bytes = typeof content === 'string' ? text(content) : content;
    if (!copyUser.copyout(this.machine.pagetable(this.hart), va, bytes)) throw new Error(`no user memory at ${va}`);
  }

  get(va: number, length: number): Uint8Array {
    const bytes = this.machine.kernels[this.hart]!.parts.copyUser.copyinUpTo(
      this.machine.pagetable(this.hart),
      va,
      length,
    );
    if (bytes.length !== length) throw new Error(`no user memory at ${va}`);
    return bytes;
  }
  letters(va: number, length: number): string {
    return String.fromCharCode(...this.get(va, length));
  }
  /** The string at `va`. */
  string(va: number): string {
    const byte = this.get(va, 1)[0]!;
    return byte === 0 ? '' : String.fromCharCode(byte) + this.string(va + 1);
  }
  /** The C ints at `va`. */
  ints(va: number, count: number): number[] {
    return Array.from(new Int32Array(this.get(va, 4 * count).slice().buffer));
  }

  result(call: number, ...args: number[]): number {
    return this.machine.result(this.hart, call, ...args);
  }

  open(path: string, mode = 0): number {
    this.put(PATH, `${path}\0`);
    return this.result(Sys.open, PATH, mode);
  }
  mkdir(path: string): number {
    return this.withPath(Sys.mkdir, path);
  }
  mknod(path: string, major: number): number {
    return this.withPath(Sys.mknod, path, major, 0);
  }
  chdir(path: string): number {
    return this.withPath(Sys.chdir, path);
  }
  unlink(path: string): number {
    return this.withPath(Sys.unlink, path);
  }
  link(from: string, to: string): number {
    this.put(OTHER_PATH, `${to}\0`);
    return this.withPath(Sys.link, from, OTHER_PATH);
  }
  write(fd: number, content: string): number {
    this.put(BUFFER, content);
    return this.result(Sys.write, fd, BUFFER, content.length);
  }
  /** What a read of at most `n` bytes gave; its result when that is no number of bytes. */
  read(fd: number, n = 512): string | number {
    const done = this.result(Sys.read, fd, BUFFER, n);
    return done < 0 ? done : this.letters(BUFFER, done);
  }
  close(fd: number): number {
    return this.result(Sys.close, fd);
  }
  /** The two ends, reader first. */
  pipe(): [number, number] {
    if (this.result(Sys.pipe, BUFFER) !== 0) throw new Error('there is no pipe');
    return this.ints(BUFFER, 2) as [number, number];
  }
  fstat(fd: number): { dev: number; ino: number; type: number; nlink: number; size: number } {
    if (this.result(Sys.fstat, fd, BUFFER) !== 0) throw new Error('fstat failed');
    const view = new DataView(this.get(BUFFER, 24).slice().buffer);
    return {
      dev: view.getInt32(0, true),
      ino: view.getUint32(4, true),
      type: view.getInt16(8, true),
      nlink: view.getInt16(10, true),
      size: Number(view.getBigUint64(16, true)),
    };
  }
  /** What exec left the hart with. */
  exec(path: string, argv: readonly string[]): Next {
    this.put(PATH, `${path}\0`);
    const pointers = new BigUint64Array(argv.length + 1);
    let at = STRINGS;
    argv.forEach((argument, i) => {
      this.put(at, `${argument}\0`);
      pointers[i] = BigInt(at);
      at += argument.length + 1;
    });
    this.put(POINTERS, new Uint8Array(pointers.buffer));
    return this.machine.call(this.hart, Sys.exec, PATH, POINTERS);
  }

  private withPath(call: number, path: string, ...args: number[]): number {
    this.put(PATH, `${path}\0`);
    return this.result(call, PATH, ...args);
  }
}
