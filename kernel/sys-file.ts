import type { KernelContext } from './context.js';
import type { CopyUser } from './copy-user.js';
import { proc } from './proc-struct.js';
import type { Arguments } from './syscall.js';

/** Every process has these two open, on the console. */
const STDOUT = 1;
const STDERR = 2;

/** System calls about files. */
export class SysFile {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly args: Arguments,
    protected readonly copyUser: CopyUser,
  ) {}

  /** Writes to the console, a piece for each page that the user's buffer touches. The number of bytes written, or -1 when there was nothing to read. */
  write(p: number): number {
    const fd = this.args.argint(0);
    const from = this.args.argaddr(1);
    const bytes = this.args.argint(2);
    if ((fd !== STDOUT && fd !== STDERR) || bytes < 0) return -1;
    const pagetable = proc.fields.pagetable.load(this.cx.mem, p);
    let done = 0;
    while (done < bytes) {
      const piece = this.copyUser.copyin(pagetable, from + done, bytes - done);
      if (piece === undefined) break;
      this.cx.console.write(piece);
      done += piece.length;
    }
    return done === 0 && bytes > 0 ? -1 : done;
  }
}
