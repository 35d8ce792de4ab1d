import { KernelEvent } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import type { FileSystem } from '../fs/file-system.js';
import { panic } from '../kernel-panic.js';
import { CONSOLE } from '../params.js';
import { file, OpenFile } from './file-struct.js';
import type { Pipes } from './pipe.js';

const { type, ref, readable, writable, pipe, ip, major, off } = file.fields;

/** How a file may be used. */
export interface Access {
  readonly readable: boolean;
  readonly writable: boolean;
}

/** The open files of all processes, named by the address of their struct file. */
export class FileTable {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly pipes: Pipes,
    protected readonly fs: FileSystem,
  ) {}

  /** A file that is open on nothing yet, with one reference; 0 when all are in use. */
  alloc(): number {
    const { mem, layout } = this.cx;
    for (const f of layout.files) {
      if (type.load(mem, f) !== OpenFile.Unused) continue;
      if (type.compareExchange(mem, f, OpenFile.Unused, OpenFile.New) !== OpenFile.Unused) continue;
      ref.store(mem, f, 1);
      return f;
    }
    return 0;
  }

  /** `count` more references to a file to which the caller has one: no lock, as it cannot go away meanwhile. */
  dup(f: number, count = 1): void {
    if (ref.add(this.cx.mem, f, count) === 0) panic('filedup');
  }

  /** Gives `count` references back; the last one closes the file. */
  close(f: number, count = 1): void {
    const { mem } = this.cx;
    // Pairs with the other closers' additions: who gives the last one back comes after all that they did with the file.
    const before = ref.add(mem, f, -count);
    if (before < count) panic('fileclose');
    if (before === count) this.closeLast(f);
  }

  /** Nobody refers to the file any more but this hart. */
  protected closeLast(f: number): void {
    const { mem } = this.cx;
    const kind = type.load(mem, f);
    const pi = pipe.load(mem, f);
    const inode = ip.load(mem, f);
    const writes = writable.load(mem, f) !== 0;
    if (kind === OpenFile.Pipe) mem.note(KernelEvent.HoldTaken, pi, 0);
    // From here on the struct may be somebody else's.
    type.store(mem, f, OpenFile.Unused);
    if (kind === OpenFile.Pipe) {
      this.pipes.close(pi, writes);
      mem.note(KernelEvent.HoldDropped, pi, 0);
    } else if (kind !== OpenFile.New && inode !== 0) {
      this.fs.transaction(() => this.fs.iput(inode));
    }
  }

  /** A new pipe's two ends; undefined when there are no files or there is no memory for it. */
  openPipe(): { readonly reader: number; readonly writer: number } | undefined {
    const { mem } = this.cx;
    const reader = this.alloc();
    if (reader === 0) return undefined;
    const writer = this.alloc();
    const pi = writer === 0 ? 0 : this.pipes.create();
    if (pi === 0) {
      if (writer !== 0) this.close(writer);
      this.close(reader);
      return undefined;
    }
    for (const f of [reader, writer]) {
      pipe.store(mem, f, pi);
      this.open(f, OpenFile.Pipe, { readable: f === reader, writable: f === writer });
    }
    mem.note(KernelEvent.HoldDropped, pi, 0);
    return { reader, writer };
  }

  /** Has a new file be open on the inode, to which it takes over a reference; `device`: the inode is that device. */
  openInode(f: number, inode: number, access: Access, device?: number): void {
    const { mem } = this.cx;
    ip.store(mem, f, inode);
    off.store(mem, f, 0);
    major.store(mem, f, device ?? 0);
    this.open(f, device === undefined ? OpenFile.Inode : OpenFile.Device, access);
  }

  /** The console, opened by the kernel itself, whether there is a disk that names it or not; 0 when all files are in use. */
  openConsole(): number {
    const f = this.alloc();
    if (f !== 0) this.openInode(f, 0, { readable: true, writable: true }, CONSOLE);
    return f;
  }

  /** The type last: until then the ledger does not look at the rest. */
  private open(f: number, as: OpenFile, access: Access): void {
    const { mem } = this.cx;
    readable.store(mem, f, access.readable ? 1 : 0);
    writable.store(mem, f, access.writable ? 1 : 0);
    type.store(mem, f, as);
  }
}
