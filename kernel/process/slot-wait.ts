import type { KernelContext } from '../context.js';
import { clock, system } from '../layout.js';
import { ProcState, proc } from './proc-struct.js';
import type { Sleep } from './sleep.js';
import { before } from './ticks.js';

const { state, parent, progress } = proc.fields;
const { waitLock, initproc, forkWaits } = system.fields;
const { ticks } = clock.fields;

/** Longest time in ticks that a fork waits for a slot. */
const PATIENCE = 10;

/** Of a fork that has found the process table full. */
export const Outlook = {
  /** Now there is a slot. */
  Free: 0,
  /** The process sleeps until there may be one. */
  Later: 1,
  /** It must fail. */
  None: 2,
} as const;
export type Outlook = (typeof Outlook)[keyof typeof Outlook];

/**
 * A full process table in which there are orphans that init is about to reap.
 *
 * The harts of a real machine keep pace with one another. Ours are threads, and a host with few cores may let one stand
 * still for long. When that one runs init, others can meanwhile fill the table with orphans, and a fork would fail that
 * never fails elsewhere. So it waits while init is awake and has zombies to reap, and not for ever: init may be a program
 * that never waits.
 */
export class SlotWait {
  private readonly clock: number;

  constructor(
    private readonly cx: KernelContext,
    private readonly sleep: Sleep,
  ) {
    this.clock = cx.layout.clock;
  }

  /** For the running process, in fork. `resumed`: it has waited before. */
  wait(p: number, resumed: boolean): Outlook {
    const { mem, spin, layout } = this.cx;
    if (!this.isPatient(p, resumed)) return Outlook.None;
    // Who reaps holds it too: none of the zombies seen here goes, and its wakeup with it, before the process sleeps. A fork
    // that gives its slot back for want of memory does not hold it: that slot is seen at the next tick.
    const lk = waitLock.at(layout.system);
    spin.acquire(lk);
    const free = layout.procs.some((slot) => state.load(mem, slot) === ProcState.Unused);
    if (!free && this.initHasToReap(p)) {
      forkWaits.store(mem, layout.system, 1);
      // A tick wakes it too: init may by then be asleep, or time may be up.
      if (this.sleep.sleep(p, this.clock + ticks.offset, lk)) return Outlook.Later;
    }
    spin.release(lk);
    return free ? Outlook.Free : Outlook.None;
  }

  /** A slot has become free. wait_lock must be held, and no p->lock. */
  reaped(): void {
    const { mem, layout } = this.cx;
    if (forkWaits.load(mem, layout.system) === 0) return;
    forkWaits.store(mem, layout.system, 0);
    this.sleep.wakeup(this.clock + ticks.offset);
  }

  private isPatient(p: number, resumed: boolean): boolean {
    const { mem } = this.cx;
    const now = ticks.load(mem, this.clock);
    if (!resumed) progress.store(mem, p, now + PATIENCE);
    return before(now, progress.load(mem, p));
  }

  private initHasToReap(p: number): boolean {
    const { mem, layout } = this.cx;
    const init = initproc.load(mem, layout.system);
    const now = state.load(mem, init);
    return (
      p !== init &&
      (now === ProcState.Runnable || now === ProcState.Running) &&
      layout.procs.some((q) => parent.load(mem, q) === init && state.load(mem, q) === ProcState.Zombie)
    );
  }
}
