import type { KernelContext } from './context.js';
import type { CopyUser } from './copy-user.js';
import type { Device } from './device.js';
import { proc } from './proc-struct.js';

/** The terminal. Nobody types there. */
export class ConsoleDevice implements Device {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly copyUser: CopyUser,
  ) {}

  read(_p: number, _to: number, _n: number, _resumed: boolean): number {
    return 0;
  }

  /** A piece for each page that the user's buffer touches. -1 when there was nothing to read. */
  write(p: number, from: number, n: number, _resumed: boolean): number {
    const pagetable = proc.fields.pagetable.load(this.cx.mem, p);
    let done = 0;
    while (done < n) {
      const piece = this.copyUser.copyin(pagetable, from + done, n - done);
      if (piece === undefined) break;
      this.cx.console.write(piece);
      done += piece.length;
    }
    return done === 0 && n > 0 ? -1 : done;
  }
}
