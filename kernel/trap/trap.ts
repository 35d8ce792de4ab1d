import { Next } from '../../src/hart/trap-handler.js';
import { Cause, causeName } from '../../src/isa/causes.js';
import { KernelEvent } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import type { ConsoleDevice } from '../files/console.js';
import { printf } from '../files/printf.js';
import { panic } from '../kernel-panic.js';
import { clock } from '../layout.js';
import type { Vm } from '../memory/vm.js';
import { Resolution } from '../page-sharing/page-sharing.js';
import { TICK_MS } from '../params.js';
import type { AtRest } from '../process/at-rest.js';
import type { Lifecycle } from '../process/fork-exit.js';
import type { ProcessTable } from '../process/proc.js';
import { proc } from '../process/proc-struct.js';
import type { Scheduler } from '../process/scheduler.js';
import type { Sleep } from '../process/sleep.js';
import type { Syscalls } from './syscall.js';

const { pagetable, restarting } = proc.fields;
const { tickslock, ticks, bootTime } = clock.fields;

/** Cause that observers are told for an interrupt: bit 31 and the supervisor timer's number. */
const TIMER_INTERRUPT = 0x8000_0005;
/** What wait reports for a process that did not exit by itself. */
const KILLED = -1;

/** Ways into the kernel from user code, and the way out of it: some process's user code, or none. */
export class Traps {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly vm: Vm,
    protected readonly table: ProcessTable,
    protected readonly sleep: Sleep,
    protected readonly lifecycle: Lifecycle,
    protected readonly syscalls: Syscalls,
    protected readonly scheduler: Scheduler,
    protected readonly console: ConsoleDevice,
    protected readonly atRest: AtRest,
  ) {}

  /** The running process trapped. Its registers stay in the hart unless it stops running here. */
  usertrap(cause: number): Next {
    const p = this.table.myproc();
    if (p === 0) panic(`usertrap: cause ${cause} and no process`, 'usertrap: no process');
    this.cx.mem.note(KernelEvent.KernelEntered, p, cause);
    return this.resolve(p, cause) && this.stays(p) ? this.leaveKernel(p) : this.scheduleNext();
  }

  /** The timer, a doorbell, or the console. */
  devintr(): Next {
    const { mem, hart, doorbells } = this.cx;
    const p = this.table.myproc();
    mem.note(KernelEvent.KernelEntered, p, TIMER_INTERRUPT);
    this.clockintr();
    this.console.intr();
    if (p === 0) {
      doorbells.clearIdle(hart);
      return this.scheduleNext();
    }
    if (!this.stays(p)) return this.scheduleNext();
    if (!this.scheduler.anyRunnable()) return this.leaveKernel(p);
    this.scheduler.yieldHart(p);
    return this.scheduleNext();
  }

  /** Takes up processes until one has user code to run. */
  scheduleNext(): Next {
    const { mem, doorbells, hart } = this.cx;
    for (;;) {
      // Pairs with the store in `Lifecycle.halt`.
      if (this.scheduler.halted()) return Next.Halt;
      mem.note(KernelEvent.OperationBegins, 0, 0);
      const p = this.scheduler.schedule();
      if (p === 0) {
        if (!this.stir()) return this.outOfKernel(Next.Idle);
        doorbells.clearIdle(hart);
        // A ring meant for another process may have gone to this hart just now.
        this.table.madeRunnable++;
        continue;
      }
      if (restarting.load(mem, p) !== 0) {
        mem.note(KernelEvent.OperationBegins, 0, 0);
        restarting.store(mem, p, 0);
        if (!this.syscalls.restart(p)) continue;
      }
      if (this.stays(p)) return this.leaveKernel(p);
    }
  }

  /** There is no process to run, and the hart is marked idle. true: now there may be one. */
  private stir(): boolean {
    if (this.console.intr()) return true;
    if (!this.atRest.stir()) return false;
    this.clockintr();
    return true;
  }

  /** false: the process does not run here any more. */
  protected resolve(p: number, cause: number): boolean {
    switch (cause) {
      case Cause.UserEcall:
        if (!this.stays(p)) return false;
        // Whoever is killed from here on is so during the call: nobody is promised how soon a process dies.
        this.cx.mem.note(KernelEvent.OperationBegins, 0, 0);
        return this.syscalls.syscall(p);
      case Cause.StorePageFault:
        return this.storePageFault(p);
      case Cause.LoadPageFault:
        return this.loadPageFault(p);
      default:
        return this.unexpected(p, cause);
    }
  }

  protected storePageFault(p: number): boolean {
    const { mem, hart } = this.cx;
    const resolution = this.vm.resolveWrite(pagetable.load(mem, p), hart.trapAddress);
    return this.pageFault(p, Cause.StorePageFault, resolution);
  }

  private loadPageFault(p: number): boolean {
    const { mem, hart } = this.cx;
    const resolution = this.vm.vmfault(pagetable.load(mem, p), hart.trapAddress);
    return this.pageFault(p, Cause.LoadPageFault, resolution);
  }

  private pageFault(p: number, cause: number, resolution: Resolution): boolean {
    const { hart, counters } = this.cx;
    if (resolution === Resolution.Refused) return this.unexpected(p, cause);
    if (resolution === Resolution.NoMemory) {
      printf(this.cx.console, `usertrap(): no memory for a page of its own pid=${this.table.describe(p).pid}\n`);
      return this.exitKilled(p);
    }
    if (resolution === Resolution.Writable) counters.cowFaulted();
    this.flushFaulted(hart.trapAddress);
    return true;
  }

  /** The entry for `va` has changed, and this hart may have the old translation. */
  protected flushFaulted(va: number): void {
    this.cx.hart.sfenceVma(va);
  }

  private unexpected(p: number, cause: number): boolean {
    const { hart, console } = this.cx;
    const hex = (value: bigint) => `0x${value.toString(16)}`;
    // The trap value of an illegal instruction is the instruction.
    const where = cause === Cause.IllegalInstruction ? hart.pc : hart.trapValue;
    printf(
      console,
      `usertrap(): unexpected scause 0x${cause.toString(16)} pid=${this.table.describe(p).pid}\n` +
        `            sepc=${hex(hart.pc)} stval=${hex(hart.trapValue)}\n` +
        `            (${causeName(cause)} at ${hex(where)})\n`,
    );
    return this.exitKilled(p);
  }

  /** false, and it has exited, when somebody killed the process. */
  private stays(p: number): boolean {
    if (!this.table.isKilled(p)) return true;
    // The call that it was killed in is over; others may do something before it is gone.
    this.cx.mem.note(KernelEvent.OperationBegins, 0, 0);
    return this.exitKilled(p);
  }

  protected exitKilled(p: number): false {
    this.lifecycle.exit(p, KILLED);
    return false;
  }

  /** Ticks are what the machine's clock says, whichever hart looks first. */
  private clockintr(): void {
    const { mem, spin, layout, now } = this.cx;
    const at = layout.clock;
    const due = Math.floor((now() - bootTime.load(mem, at)) / TICK_MS);
    if (due <= ticks.load(mem, at)) return;
    spin.acquire(tickslock.at(at));
    if (due > ticks.load(mem, at)) {
      ticks.store(mem, at, due);
      this.sleep.wakeup(at + ticks.offset);
    }
    spin.release(tickslock.at(at));
  }

  protected leaveKernel(p: number): Next {
    this.scheduler.ringForOthers();
    this.cx.mem.note(KernelEvent.KernelLeft, p, 0);
    return this.outOfKernel(Next.Run);
  }

  private outOfKernel(next: Next): Next {
    if (this.cx.spin.held !== 0) panic('sched locks');
    return next;
  }
}
