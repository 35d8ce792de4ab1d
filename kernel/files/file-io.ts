import type { KernelContext } from '../context.js';
import type { FileStatus, FileSystem } from '../fs/file-system.js';
import { FileType, ROOTDEV } from '../fs/format.js';
import { panic } from '../kernel-panic.js';
import type { CopyUser } from '../memory/copy-user.js';
import { proc } from '../process/proc-struct.js';
import type { Device, Devices } from './device.js';
import { file, OpenFile } from './file-struct.js';
import type { Pipes } from './pipe.js';

const { type, readable, writable, pipe, ip, major, off } = file.fields;
const { pagetable } = proc.fields;

/** Of the console that the kernel itself has opened, which no directory names. */
const NAMELESS_DEVICE: FileStatus = { dev: ROOTDEV, ino: 0, type: FileType.Device, nlink: 1, size: 0 };
/** xv6's struct stat. */
const STAT_SIZE = 24;

/** Reading and writing open files, whatever they are open on. `n` is what the user asked for, a C int. */
export class FileIo {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly copyUser: CopyUser,
    protected readonly pipes: Pipes,
    protected readonly fs: FileSystem,
    protected readonly devices: Devices,
  ) {}

  /** To user address `to`. Bytes read, 0 at the end, -1, or GONE. */
  read(p: number, f: number, to: number, n: number, resumed: boolean): number {
    const { mem } = this.cx;
    if (readable.load(mem, f) === 0 || n < 0) return -1;
    switch (type.load(mem, f)) {
      case OpenFile.Pipe:
        return this.pipes.read(p, pipe.load(mem, f), to, n);
      case OpenFile.Device:
        return this.device(f)?.read(p, to, n, resumed) ?? -1;
      case OpenFile.Inode:
        return this.readInode(p, f, to, n);
      default:
        return panic('fileread');
    }
  }

  /** From user address `from`. Bytes written, -1, or GONE. */
  write(p: number, f: number, from: number, n: number, resumed: boolean): number {
    const { mem } = this.cx;
    if (writable.load(mem, f) === 0 || n < 0) return -1;
    switch (type.load(mem, f)) {
      case OpenFile.Pipe:
        return this.pipes.write(p, pipe.load(mem, f), from, n, resumed);
      case OpenFile.Device:
        return this.device(f)?.write(p, from, n, resumed) ?? -1;
      case OpenFile.Inode:
        return this.writeInode(p, f, from, n);
      default:
        return panic('filewrite');
    }
  }

  /** The struct stat of the file; undefined for a pipe, which has none. */
  stat(f: number): Uint8Array | undefined {
    const { mem } = this.cx;
    if (type.load(mem, f) === OpenFile.Pipe) return undefined;
    const inode = ip.load(mem, f);
    return statBytes(inode === 0 ? NAMELESS_DEVICE : this.fs.transaction(() => this.fs.stat(inode)));
  }

  /** The offset moves only when the user has got the bytes, and nobody who has the same file open reads them too. */
  private readInode(p: number, f: number, to: number, n: number): number {
    const { mem } = this.cx;
    return this.fs.transaction(() => {
      const at = off.load(mem, f);
      const content = this.fs.readi(ip.load(mem, f), at, n);
      if (!this.copyUser.copyout(pagetable.load(mem, p), to, content)) return -1;
      off.store(mem, f, at + content.length);
      return content.length;
    });
  }

  /** In as many transactions as it takes: others may write between them. */
  private writeInode(p: number, f: number, from: number, n: number): number {
    const { mem } = this.cx;
    for (let done = 0; done < n; ) {
      const wanted = Math.min(n - done, this.fs.maxWrite);
      const content = this.copyUser.copyinUpTo(pagetable.load(mem, p), from + done, wanted);
      const written = this.fs.transaction(() => this.writePiece(f, content));
      if (written !== wanted) return -1;
      done += written;
    }
    return n;
  }

  private writePiece(f: number, content: Uint8Array): number {
    const { mem } = this.cx;
    const at = off.load(mem, f);
    const written = this.fs.writei(ip.load(mem, f), at, content);
    if (written > 0) off.store(mem, f, at + written);
    return written;
  }

  private device(f: number): Device | undefined {
    return this.devices[major.load(this.cx.mem, f)];
  }
}

function statBytes({ dev, ino, type: kind, nlink, size }: FileStatus): Uint8Array {
  const bytes = new Uint8Array(STAT_SIZE);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, dev, true);
  view.setUint32(4, ino, true);
  view.setInt16(8, kind, true);
  view.setInt16(10, nlink, true);
  view.setBigUint64(16, BigInt(size), true);
  return bytes;
}
