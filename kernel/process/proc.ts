import { KernelEvent } from '../../src/memory/access.js';
import type { KernelContext } from '../context.js';
import { panic } from '../kernel-panic.js';
import { system } from '../layout.js';
import type { Vm } from '../memory/vm.js';
import { MAX_PID, NAME_BYTES } from '../params.js';
import { cpu } from './cpu.js';
import { ProcState, proc } from './proc-struct.js';

const { lock, state, killed, pid, chan, lastHart, xstate, restarting, progress, pagetable, sz, name, trapframe } =
  proc.fields;

/** What allocproc returns when the process table is full. */
export const NO_SLOT = -1;

/** The process table: slots, pids, and what they are made of. A process is named by the address of its struct proc. */
export class ProcessTable {
  /** Processes made runnable since this hart last rang for them. */
  madeRunnable = 0;

  constructor(
    protected readonly cx: KernelContext,
    protected readonly vm: Vm,
  ) {}

  /** The process that runs on this hart, or 0. */
  myproc(): number {
    return cpu.fields.proc.load(this.cx.mem, this.cx.cpu);
  }

  isKilled(p: number): boolean {
    return killed.load(this.cx.mem, p) !== 0;
  }

  /** Address of its trapframe's registers x0 to x31. */
  registers(p: number): number {
    return trapframe.at(p) + trapframe.type.fields.x.offset;
  }

  /** A process that nobody runs yet, with an empty page table; its lock is held. 0: no memory. NO_SLOT: the table is full. */
  allocproc(): number {
    const { mem, spin, layout, hart } = this.cx;
    for (const p of layout.procs) {
      if (state.load(mem, p) !== ProcState.Unused) continue;
      spin.acquire(lock.at(p));
      if (this.isUnused(p)) {
        pid.store(mem, p, this.allocpid());
        state.store(mem, p, ProcState.Used);
        lastHart.store(mem, p, hart.id);
        const table = this.vm.uvmcreate();
        if (table !== 0) {
          pagetable.store(mem, p, table);
          return p;
        }
        this.freeproc(p);
        spin.release(lock.at(p));
        return 0;
      }
      spin.release(lock.at(p));
    }
    return NO_SLOT;
  }

  /** The second look at a slot that looked unused without the lock. p->lock is held. */
  protected isUnused(p: number): boolean {
    return state.load(this.cx.mem, p) === ProcState.Unused;
  }

  /** Frees the memory of the process. Nobody may run it any more. */
  freeMemory(p: number): void {
    const { mem } = this.cx;
    const table = pagetable.load(mem, p);
    if (table === 0) return;
    this.vm.uvmfree(table, sz.load(mem, p));
    pagetable.store(mem, p, 0);
    sz.store(mem, p, 0);
  }

  /** Gives the slot back, and the memory if the process still has it. p->lock must be held, and it must have no parent. */
  freeproc(p: number): void {
    const { mem } = this.cx;
    this.freeMemory(p);
    pid.store(mem, p, 0);
    chan.store(mem, p, 0);
    killed.store(mem, p, 0);
    xstate.store(mem, p, 0);
    restarting.store(mem, p, 0);
    progress.store(mem, p, 0);
    mem.fill(name.at(p), 0, NAME_BYTES);
    state.store(mem, p, ProcState.Unused);
  }

  /** Saves what the process needs to go on elsewhere. Before its p->lock is released with a state other than Running. */
  saveUserState(p: number): void {
    const { mem, hart } = this.cx;
    mem.write(this.registers(p), hart.registers);
    trapframe.type.fields.epc.store(mem, trapframe.at(p), Number(hart.pc));
  }

  /** This hart stops running p, whose lock is held: whoever gets the lock next may run it. */
  leave(p: number): void {
    const { mem, cpu: mine } = this.cx;
    if (this.myproc() !== p) panic('leave');
    cpu.fields.proc.store(mem, mine, 0);
    mem.note(KernelEvent.ProcessSwitched, p, 0);
  }

  /**
   * Lets any hart take p up. p->lock must be held. An idle hart is woken for it on the way out of the kernel: woken now,
   * on a machine with fewer cores than harts, it would take the core from us and wait for the locks that we hold.
   */
  makeRunnable(p: number): void {
    state.store(this.cx.mem, p, ProcState.Runnable);
    this.madeRunnable++;
  }

  /** For messages. */
  describe(p: number): { readonly pid: number; readonly name: string } {
    const { mem } = this.cx;
    const bytes = mem.read(name.at(p), NAME_BYTES);
    const end = bytes.indexOf(0);
    return {
      pid: pid.load(mem, p),
      name: new TextDecoder('latin1').decode(bytes.subarray(0, end < 0 ? NAME_BYTES : end)),
    };
  }

  /** The pid of whatever process is made next. */
  upcomingPid(): number {
    const { mem, spin, layout } = this.cx;
    const { pidLock, nextpid } = system.fields;
    spin.acquire(pidLock.at(layout.system));
    const upcoming = nextpid.load(mem, layout.system);
    spin.release(pidLock.at(layout.system));
    return upcoming;
  }

  /** A pid that no process has. */
  allocpid(): number {
    const { spin, layout } = this.cx;
    const pidLock = system.fields.pidLock.at(layout.system);
    spin.acquire(pidLock);
    const next = this.nextpid();
    spin.release(pidLock);
    return next;
  }

  /** pidLock must be held. */
  protected nextpid(): number {
    const { mem, layout } = this.cx;
    const at = layout.system;
    const { nextpid, pidsWrapped } = system.fields;
    let next = nextpid.load(mem, at);
    while (pidsWrapped.load(mem, at) !== 0 && this.inUse(next)) next = successor(next);
    if (next === MAX_PID) pidsWrapped.store(mem, at, 1);
    nextpid.store(mem, at, successor(next));
    return next;
  }

  private inUse(candidate: number): boolean {
    return this.cx.layout.procs.some((p) => pid.load(this.cx.mem, p) === candidate);
  }
}

function successor(pid: number): number {
  return pid === MAX_PID ? 1 : pid + 1;
}
