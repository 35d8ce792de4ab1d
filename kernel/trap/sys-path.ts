import type { KernelContext } from '../context.js';
import type { Descriptors } from '../files/descriptors.js';
import type { FileTable } from '../files/file-table.js';
import type { FileSystem } from '../fs/file-system.js';
import { FileType } from '../fs/format.js';
import { NDEV } from '../params.js';
import { proc } from '../process/proc-struct.js';
import type { Arguments } from './syscall.js';

/** How open opens: xv6's. */
export const OpenMode = { readOnly: 0, writeOnly: 1, readWrite: 2, create: 0x200, truncate: 0x400 } as const;

const { cwd } = proc.fields;

/** System calls about paths. A machine without a disk has no paths. */
export class SysPath {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly args: Arguments,
    protected readonly files: FileTable,
    protected readonly descriptors: Descriptors,
    protected readonly fs: FileSystem,
  ) {}

  open(p: number): number {
    const mode = this.args.argint(1);
    return this.withPath(p, (path, directory) => {
      const ip = this.inodeToOpen(path, directory, mode);
      if (ip === 0) return -1;
      const fd = this.openInode(p, ip, mode);
      if (fd < 0) this.fs.iput(ip);
      else if ((mode & OpenMode.truncate) !== 0 && this.fs.typeOf(ip) === FileType.File) this.fs.itrunc(ip);
      return fd;
    });
  }

  mknod(p: number): number {
    const [major, minor] = [short(this.args.argint(1)), short(this.args.argint(2))];
    return this.make(p, FileType.Device, major, minor);
  }

  mkdir(p: number): number {
    return this.make(p, FileType.Directory, 0, 0);
  }

  unlink(p: number): number {
    return this.withPath(p, (path, directory) => this.fs.unlink(path, directory));
  }

  link(p: number): number {
    const to = this.args.argpath(p, 1);
    if (to === undefined) return -1;
    return this.withPath(p, (from, directory) => this.fs.link(from, to, directory));
  }

  chdir(p: number): number {
    const { mem } = this.cx;
    return this.withPath(p, (path, directory) => {
      const ip = this.fs.namei(path, directory);
      if (ip === 0) return -1;
      const isDirectory = this.fs.typeOf(ip) === FileType.Directory;
      if (isDirectory) cwd.store(mem, p, ip);
      this.fs.iput(isDirectory ? directory : ip);
      return isDirectory ? 0 : -1;
    });
  }

  private make(p: number, type: FileType, major: number, minor: number): number {
    return this.withPath(p, (path, directory) => {
      const ip = this.fs.create(path, directory, type, major, minor);
      if (ip === 0) return -1;
      this.fs.iput(ip);
      return 0;
    });
  }

  /** In a transaction: 0 when there is no such file, or not to be opened so. */
  private inodeToOpen(path: string, directory: number, mode: number): number {
    const { fs } = this;
    const create = (mode & OpenMode.create) !== 0;
    const ip = create ? fs.create(path, directory, FileType.File, 0, 0) : fs.namei(path, directory);
    if (ip === 0) return 0;
    const type = fs.typeOf(ip);
    const refused =
      (type === FileType.Directory && mode !== OpenMode.readOnly) ||
      (type === FileType.Device && !isDevice(fs.majorOf(ip)));
    if (!refused) return ip;
    fs.iput(ip);
    return 0;
  }

  /** A descriptor for the inode, whose reference its file takes over; -1 when there is no descriptor or no file. */
  private openInode(p: number, ip: number, mode: number): number {
    const f = this.files.alloc();
    if (f === 0) return -1;
    const fd = this.descriptors.add(p, f);
    if (fd < 0) {
      this.files.close(f);
      return -1;
    }
    const writeOnly = (mode & OpenMode.writeOnly) !== 0;
    const access = { readable: !writeOnly, writable: writeOnly || (mode & OpenMode.readWrite) !== 0 };
    const device = this.fs.typeOf(ip) === FileType.Device ? this.fs.majorOf(ip) : undefined;
    this.files.openInode(f, ip, access, device);
    return fd;
  }

  /** Carries `work` out in a transaction, with the path in the first argument. -1 when there is none, or no disk. */
  private withPath(p: number, work: (path: string, directory: number) => number): number {
    const path = this.fs.hasDisk ? this.args.argpath(p, 0) : undefined;
    if (path === undefined) return -1;
    const directory = cwd.load(this.cx.mem, p);
    return this.fs.transaction(() => work(path, directory));
  }
}

function isDevice(major: number): boolean {
  return major >= 0 && major < NDEV;
}

/** What is left of a C int in a C short. */
function short(value: number): number {
  return (value << 16) >> 16;
}
