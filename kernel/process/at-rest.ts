import type { KernelContext } from '../context.js';
import { cons } from '../files/console-struct.js';
import { clock, system } from '../layout.js';
import { TICK_MS } from '../params.js';
import type { Lifecycle } from './fork-exit.js';
import { ProcState, proc } from './proc-struct.js';

const { lock, state, chan, progress } = proc.fields;
const { ticks, bootTime } = clock.fields;
/** Exit status of a session that has come to the end of its input. */
const SUCCESS = 0;

/**
 * What happens when every process waits: a virtual clock skips to the first tick that one of them sleeps until; and when
 * none does, the console's input has ended, and a shell waits for more, the session is over.
 */
export class AtRest {
  private readonly clock: number;
  private readonly console: number;

  constructor(
    protected readonly cx: KernelContext,
    protected readonly lifecycle: Lifecycle,
  ) {
    this.clock = cx.layout.clock;
    this.console = cx.layout.console;
  }

  /**
   * For a hart that has found no process to run. true: it should look at the clock, and look for one again.
   *
   * Who puts the last process down comes here: a hart stores the state of the process that it puts down before it looks
   * at the others', so of two that put theirs down at once, one sees both.
   */
  stir(): boolean {
    const { mem, spin, layout, skip } = this.cx;
    if (skip === undefined && cons.fields.ended.load(mem, this.console) === 0) return false;
    if (layout.procs.some((p) => isBusy(state.load(mem, p)))) return false;
    // With all of them locked, what is seen of one is still so when the last is seen. Nobody else holds two of these.
    for (const p of layout.procs) spin.acquire(lock.at(p));
    const stirred = !layout.procs.some((p) => isBusy(state.load(mem, p))) && this.goOn();
    for (const p of layout.procs) spin.release(lock.at(p));
    return stirred;
  }

  /** Every process waits, and every p->lock is held. */
  private goOn(): boolean {
    const sleepers = this.waitingOn(ticks.offset + this.clock);
    if (sleepers.length > 0) return this.skipTo(sleepers);
    if (this.waitingOn(cons.fields.end.offset + this.console).length === 0 || !this.initWaits()) return false;
    if (system.fields.halted.load(this.cx.mem, this.cx.layout.system) === 0) this.lifecycle.halt(SUCCESS);
    return true;
  }

  private waitingOn(channel: number): number[] {
    const { mem, layout } = this.cx;
    return layout.procs.filter((p) => state.load(mem, p) === ProcState.Sleeping && chan.load(mem, p) === channel);
  }

  /** It may also have exited this moment, and its hart be about to halt the machine. */
  private initWaits(): boolean {
    const { mem, layout } = this.cx;
    return state.load(mem, system.fields.initproc.load(mem, layout.system)) === ProcState.Sleeping;
  }

  /** Whether it is time for one of the sleepers now. */
  private skipTo(sleepers: readonly number[]): boolean {
    const { mem, now, skip } = this.cx;
    // Of the clock and not of `ticks`, which may lag behind it. Ticks are modulo 2^32.
    const due = () => Math.floor((now() - bootTime.load(mem, this.clock)) / TICK_MS) | 0;
    const left = () => Math.min(...sleepers.map((p) => (progress.load(mem, p) - due()) | 0));
    if (left() > 0) skip?.(left() * TICK_MS);
    return left() <= 0;
  }
}

/** Whether a process in that state may do something by itself. */
function isBusy(processState: number): boolean {
  return processState === ProcState.Used || processState === ProcState.Runnable || processState === ProcState.Running;
}
