import type { KernelContext } from '../context.js';
import { clock } from '../layout.js';
import type { Lifecycle } from '../process/fork-exit.js';
import type { ProcessTable } from '../process/proc.js';
import { proc } from '../process/proc-struct.js';
import type { Sleep } from '../process/sleep.js';
import { before } from '../process/ticks.js';
import type { Arguments } from './syscall.js';
import { GONE } from './syscall-result.js';

const { pid, progress, sz } = proc.fields;
const { tickslock, ticks } = clock.fields;

/** sbrk's second argument, where it has one: xv6's. Anything else is lazy. */
export const SBRK_EAGER = 1;
export const SBRK_LAZY = 2;

/** System calls about processes. */
export class SysProc {
  private readonly clock: number;
  private readonly tickslock: number;

  constructor(
    protected readonly cx: KernelContext,
    protected readonly args: Arguments,
    protected readonly table: ProcessTable,
    protected readonly lifecycle: Lifecycle,
    protected readonly sleeping: Sleep,
  ) {
    this.clock = cx.layout.clock;
    this.tickslock = tickslock.at(this.clock);
  }

  /** Progress: the tick at which it gives up, while it waits for a slot. */
  fork(p: number, resumed: boolean): number {
    return this.lifecycle.fork(p, resumed);
  }

  exit(p: number): number {
    this.lifecycle.exit(p, this.args.argint(0));
    return GONE;
  }

  wait(p: number): number {
    return this.lifecycle.wait(p, this.args.argaddr(0));
  }

  kill(): number {
    return this.sleeping.kill(this.args.argint(0)) ? 0 : -1;
  }

  getpid(p: number): number {
    return pid.load(this.cx.mem, p);
  }

  /** The old size, which is the address where new memory begins. */
  sbrk(p: number): number {
    const { mem, abi } = this.cx;
    const old = sz.load(mem, p);
    const lazily = abi.lazySbrk && this.args.argint(1) !== SBRK_EAGER;
    return this.lifecycle.growproc(p, this.args.argint(0), lazily) ? old : -1;
  }

  /** Progress: the tick at which the call is over. */
  sleep(p: number, resumed: boolean): number {
    const { mem, spin } = this.cx;
    spin.acquire(this.tickslock);
    const now = ticks.load(mem, this.clock);
    if (!resumed) progress.store(mem, p, now + Math.max(0, this.args.argint(0)));
    const left = before(now, progress.load(mem, p));
    if (left && this.sleeping.sleep(p, ticks.offset + this.clock, this.tickslock)) return GONE;
    spin.release(this.tickslock);
    return left ? -1 : 0;
  }

  uptime(): number {
    const { mem, spin } = this.cx;
    spin.acquire(this.tickslock);
    const now = ticks.load(mem, this.clock);
    spin.release(this.tickslock);
    return now;
  }
}
