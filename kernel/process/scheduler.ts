import { REGISTER_BYTES } from '../../src/hart/hart.js';
import { Privilege } from '../../src/isa/privilege.js';
import { KernelEvent } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import { system } from '../layout.js';
import { cpu } from './cpu.js';
import type { ProcessTable } from './proc.js';
import { ProcState, proc, trapframe } from './proc-struct.js';

const { lock, state, pid, lastHart, pagetable } = proc.fields;
const { position, picks } = cpu.fields;

/** Every so many picks a hart looks at all processes. */
const PICKS_TO_SHARE = 32;

/** Which process this hart runs next. */
export class Scheduler {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly table: ProcessTable,
  ) {}

  /**
   * Takes up a runnable process: it is Running, its registers and address space are the hart's. 0: there is none, and
   * the hart is marked idle.
   *
   * Nobody is forgotten: who makes a process runnable stores its state, and then either takes it up itself or looks for
   * idle harts (`ringForOthers`); we first mark ours and then look at the states once more. Whatever the order, one sees
   * the other.
   */
  schedule(): number {
    const { doorbells, hart } = this.cx;
    let p = this.pick();
    if (p === 0) {
      doorbells.markIdle(hart);
      p = this.pick();
      if (p === 0) {
        // Whatever this hart made runnable, others have taken.
        this.table.madeRunnable = 0;
        return 0;
      }
      doorbells.clearIdle(hart);
      // A ring meant for another process may have gone to this hart just now.
      this.table.madeRunnable++;
    }
    this.dispatch(p);
    return p;
  }

  /**
   * Wakes idle harts for processes that this hart has made runnable and not taken up itself. Before it goes to user code.
   * After the states were stored: pairs with `schedule`'s second look at them.
   */
  ringForOthers(): void {
    const { mem, layout, doorbells } = this.cx;
    let rings = this.table.madeRunnable;
    if (rings === 0) return;
    this.table.madeRunnable = 0;
    for (const p of layout.procs) {
      if (state.load(mem, p) !== ProcState.Runnable) continue;
      doorbells.ringIdle();
      if (--rings === 0) return;
    }
  }

  /** Whether some process waits for a hart. A look without locks: what it says may be over when it returns. */
  anyRunnable(): boolean {
    const { mem, layout } = this.cx;
    return layout.procs.some((p) => state.load(mem, p) === ProcState.Runnable);
  }

  /** Whether the first process has exited. */
  halted(): boolean {
    return system.fields.halted.load(this.cx.mem, this.cx.layout.system) !== 0;
  }

  /** The running process gives its hart up to others. */
  yieldHart(p: number): void {
    const { spin } = this.cx;
    spin.acquire(lock.at(p));
    this.table.saveUserState(p);
    this.table.leave(p);
    this.table.makeRunnable(p);
    spin.release(lock.at(p));
  }

  /**
   * Round robin from where this hart stopped, first among those that it was the last to run, or to make: their memory is in
   * its core's caches. Then, and every so often at once, among all, so that nobody belongs to a busy hart for ever.
   */
  private pick(): number {
    const { mem, cpu: mine } = this.cx;
    const number = picks.load(mem, mine);
    picks.store(mem, mine, number + 1);
    return (number % PICKS_TO_SHARE === 0 ? 0 : this.pickAmong(true)) || this.pickAmong(false);
  }

  /** Locks only what looks runnable, so that many harts do not fight for locks. */
  private pickAmong(own: boolean): number {
    const { mem, spin, layout, hart, cpu: mine } = this.cx;
    const { procs } = layout;
    const start = position.load(mem, mine);
    for (let i = 0; i < procs.length; i++) {
      const slot = (start + i) % procs.length;
      const p = procs[slot]!;
      if (state.load(mem, p) !== ProcState.Runnable) continue;
      if (own && lastHart.load(mem, p) !== hart.id) continue;
      spin.acquire(lock.at(p));
      const ours = this.isRunnable(p);
      if (ours) {
        state.store(mem, p, ProcState.Running);
        lastHart.store(mem, p, hart.id);
        cpu.fields.proc.store(mem, mine, p);
        position.store(mem, mine, slot + 1);
      }
      spin.release(lock.at(p));
      if (ours) return p;
    }
    return 0;
  }

  /** The second look at a process that looked runnable without the lock. p->lock is held. */
  protected isRunnable(p: number): boolean {
    return state.load(this.cx.mem, p) === ProcState.Runnable;
  }

  private dispatch(p: number): void {
    const { mem, hart, counters } = this.cx;
    hart.registers = mem.read(this.table.registers(p), REGISTER_BYTES);
    hart.pc = BigInt(trapframe.fields.epc.load(mem, proc.fields.trapframe.at(p)));
    this.dropReservation();
    if (hart.privilege !== Privilege.User) hart.privilege = Privilege.User;
    this.switchTo(pagetable.load(mem, p));
    counters.switched();
    mem.note(KernelEvent.ProcessSwitched, p, pid.load(mem, p));
  }

  /** Nothing that another process has reserved is this one's. */
  protected dropReservation(): void {
    this.cx.hart.dropReservation();
  }

  /** Flushes the TLB too: what it holds is another process's, or older than what other harts did to this page table. */
  protected switchTo(root: number): void {
    this.cx.hart.setAddressSpace(root);
  }
}
