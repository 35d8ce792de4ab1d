import type { ConsoleDevice } from './console.js';
import type { KernelContext } from './context.js';
import type { Arguments } from './syscall.js';

/** Every process has these three open, on the console. */
const STDIN = 0;
const STDERR = 2;

/** System calls about files. */
export class SysFile {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly args: Arguments,
    protected readonly console: ConsoleDevice,
  ) {}

  read(p: number, resumed: boolean): number {
    const bytes = this.args.argint(2);
    return this.args.argint(0) !== STDIN || bytes < 0 ? -1 : this.console.read(p, this.args.argaddr(1), bytes, resumed);
  }

  write(p: number): number {
    const fd = this.args.argint(0);
    const bytes = this.args.argint(2);
    return fd <= STDIN || fd > STDERR || bytes < 0 ? -1 : this.console.write(p, this.args.argaddr(1), bytes);
  }
}
