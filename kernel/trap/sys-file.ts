import type { KernelContext } from '../context.js';
import type { Descriptors } from '../files/descriptors.js';
import type { FileIo } from '../files/file-io.js';
import type { FileTable } from '../files/file-table.js';
import type { CopyUser } from '../memory/copy-user.js';
import { proc } from '../process/proc-struct.js';
import type { Arguments } from './syscall.js';

/** System calls about open files. */
export class SysFile {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly args: Arguments,
    protected readonly copyUser: CopyUser,
    protected readonly files: FileTable,
    protected readonly descriptors: Descriptors,
    protected readonly io: FileIo,
  ) {}

  read(p: number, resumed: boolean): number {
    const f = this.argfd(p);
    return f === 0 ? -1 : this.io.read(p, f, this.args.argaddr(1), this.args.argint(2), resumed);
  }

  write(p: number, resumed: boolean): number {
    const f = this.argfd(p);
    return f === 0 ? -1 : this.io.write(p, f, this.args.argaddr(1), this.args.argint(2), resumed);
  }

  close(p: number): number {
    const f = this.argfd(p);
    if (f === 0) return -1;
    this.descriptors.remove(p, this.args.argint(0));
    this.files.close(f);
    return 0;
  }

  dup(p: number): number {
    const f = this.argfd(p);
    const fd = f === 0 ? -1 : this.descriptors.add(p, f);
    if (fd >= 0) this.files.dup(f);
    return fd;
  }

  fstat(p: number): number {
    const f = this.argfd(p);
    const status = f === 0 ? undefined : this.io.stat(f);
    return status !== undefined && this.tell(p, this.args.argaddr(1), status) ? 0 : -1;
  }

  /** Both descriptors, or neither: what was opened is closed again when it cannot be told. */
  pipe(p: number): number {
    const ends = this.files.openPipe();
    if (ends === undefined) return -1;
    const fds = new Int32Array(2);
    fds[0] = this.descriptors.add(p, ends.reader);
    fds[1] = fds[0] < 0 ? -1 : this.descriptors.add(p, ends.writer);
    if (fds[1] >= 0 && this.tell(p, this.args.argaddr(0), new Uint8Array(fds.buffer))) return 0;
    for (const fd of fds) if (fd >= 0) this.descriptors.remove(p, fd);
    this.files.close(ends.reader);
    this.files.close(ends.writer);
    return -1;
  }

  /** The file of the descriptor in the first argument, or 0. */
  private argfd(p: number): number {
    return this.descriptors.fileOf(p, this.args.argint(0));
  }

  private tell(p: number, to: number, bytes: Uint8Array): boolean {
    return this.copyUser.copyout(proc.fields.pagetable.load(this.cx.mem, p), to, bytes);
  }
}
