import { KernelEvent } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import type { ProcessTable } from './proc.js';
import { ProcState, proc } from './proc-struct.js';

const { lock, state, killed, pid, chan, restarting } = proc.fields;

/** Waiting for one another. */
export class Sleep {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly table: ProcessTable,
  ) {}

  /**
   * Puts the running process to sleep on `channel`, in the middle of a system call. `lk`, which must be held, guards the
   * condition that the call waits for. true: the process sleeps, `lk` is released, and the caller must get out of the
   * kernel without touching the process again; the system call is called anew once somebody wakes it. false: the
   * process has been killed, `lk` is still held, and the call must give up.
   *
   * No wakeup is lost: who changes the condition holds `lk` until after its wakeup, and when we release `lk` the process
   * is Sleeping already, so that wakeup finds it (xv6 gets away with setting the state later, as its wakeup takes every
   * p->lock; ours looks at the states first). No kill is lost either: `killed` is set under p->lock, which we hold from
   * the look at it until the process is one that kill wakes.
   */
  sleep(p: number, channel: number, lk: number): boolean {
    const { spin } = this.cx;
    spin.acquire(lock.at(p));
    if (this.table.isKilled(p)) {
      spin.release(lock.at(p));
      return false;
    }
    this.fallAsleep(p, channel);
    spin.release(lk);
    spin.release(lock.at(p));
    return true;
  }

  /** The process sleeps, and this hart does not run it any more. p->lock must be held. */
  protected fallAsleep(p: number, channel: number): void {
    const { mem } = this.cx;
    this.table.saveUserState(p);
    restarting.store(mem, p, 1);
    chan.store(mem, p, channel);
    state.store(mem, p, ProcState.Sleeping);
    mem.note(KernelEvent.Slept, channel, p);
    this.table.leave(p);
  }

  /**
   * Wakes everybody who sleeps on `channel`. The lock that guards the condition must be held: who has fallen asleep for it
   * did so under that lock, so the look without p->lock finds them.
   */
  wakeup(channel: number): void {
    const { mem, spin, layout } = this.cx;
    for (const p of layout.procs) {
      if (state.load(mem, p) !== ProcState.Sleeping || chan.load(mem, p) !== channel) continue;
      spin.acquire(lock.at(p));
      if (state.load(mem, p) === ProcState.Sleeping && chan.load(mem, p) === channel) this.wake(p);
      spin.release(lock.at(p));
    }
  }

  /** Makes the process with that pid exit at its next opportunity; wakes it if it sleeps. false: there is none. */
  kill(victim: number): boolean {
    const { mem, spin, layout } = this.cx;
    if (victim <= 0) return false;
    for (const p of layout.procs) {
      if (pid.load(mem, p) !== victim) continue;
      spin.acquire(lock.at(p));
      const found = pid.load(mem, p) === victim;
      if (found) {
        killed.store(mem, p, 1);
        if (state.load(mem, p) === ProcState.Sleeping) this.wake(p);
      }
      spin.release(lock.at(p));
      if (found) return true;
    }
    return false;
  }

  /** p->lock must be held. */
  protected wake(p: number): void {
    const { mem } = this.cx;
    mem.note(KernelEvent.Woken, chan.load(mem, p), p);
    chan.store(mem, p, 0);
    this.table.makeRunnable(p);
  }
}
