import { Pte, pageRoundUp } from '../../src/isa/sv39.js';
import type { KernelContext } from '../context.js';
import type { Descriptors } from '../files/descriptors.js';
import { panic } from '../kernel-panic.js';
import { system } from '../layout.js';
import type { CopyUser } from '../memory/copy-user.js';
import type { Vm } from '../memory/vm.js';
import { NAME_BYTES, TRAPFRAME } from '../params.js';
import { GONE } from '../trap/syscall-result.js';
import { NO_SLOT, type ProcessTable } from './proc.js';
import { ProcState, proc, trapframe } from './proc-struct.js';
import type { Sleep } from './sleep.js';
import { Outlook, SlotWait } from './slot-wait.js';

const { lock, state, pid, xstate, parent, pagetable, sz, name } = proc.fields;
/** Register in which a system call returns. */
const A0 = 10;

/** The life of a process: fork, exit, wait, and how large it is in between. */
export class Lifecycle {
  protected readonly waitLock: number;
  private readonly slotWait: SlotWait;

  constructor(
    protected readonly cx: KernelContext,
    protected readonly vm: Vm,
    protected readonly table: ProcessTable,
    protected readonly sleep: Sleep,
    protected readonly copyUser: CopyUser,
    protected readonly descriptors: Descriptors,
  ) {
    this.waitLock = system.fields.waitLock.at(cx.layout.system);
    this.slotWait = new SlotWait(cx, sleep);
  }

  /** Copies the running process. The child's pid, or -1: no slot or no memory, and nothing has changed. */
  fork(p: number, resumed: boolean): number {
    const { mem, spin, counters } = this.cx;
    let np = this.table.allocproc();
    for (let waited = resumed; np === NO_SLOT; waited = true) {
      const outlook = this.slotWait.wait(p, waited);
      if (outlook !== Outlook.Free) return outlook === Outlook.Later ? GONE : -1;
      np = this.table.allocproc();
    }
    if (np === 0) return -1;
    const size = sz.load(mem, p);
    const copied = this.vm.uvmcopy(pagetable.load(mem, p), pagetable.load(mem, np), size);
    this.flushParent();
    if (!copied) {
      this.table.freeproc(np);
      spin.release(lock.at(np));
      return -1;
    }
    sz.store(mem, np, size);
    counters.forked();

    // The child returns from the same system call, with 0.
    this.table.saveUserState(np);
    mem.store64(trapframe.fields.x.at(proc.fields.trapframe.at(np), A0), 0);
    mem.copy(name.at(np), name.at(p), NAME_BYTES);
    const childPid = pid.load(mem, np);
    spin.release(lock.at(np));
    // Nothing can fail any more. Nobody but this hart touches a process that is merely Used.
    this.descriptors.inherit(p, np);

    spin.acquire(this.waitLock);
    parent.store(mem, np, p);
    spin.release(this.waitLock);

    spin.acquire(lock.at(np));
    this.table.makeRunnable(np);
    spin.release(lock.at(np));
    return childPid;
  }

  /** The parent may have lost the right to write to pages that this hart's TLB still lets it write. */
  protected flushParent(): void {
    this.cx.hart.sfenceVma();
  }

  /** Grows or shrinks the running process by `n` bytes; `lazily`: new pages come when they are touched. false: no memory, or no more addresses. */
  growproc(p: number, n: number, lazily = false): boolean {
    const { mem } = this.cx;
    const table = pagetable.load(mem, p);
    const old = sz.load(mem, p);
    if (n > 0) {
      if (old + n > TRAPFRAME) return false;
      const grown = lazily ? this.vm.uvmpromise(table, old, old + n) : this.vm.uvmalloc(table, old, old + n, Pte.W);
      if (!grown) return false;
      sz.store(mem, p, old + n);
    } else if (n < 0 && old + n >= 0) {
      // Below 0, xv6 changes nothing and does not call it an error.
      sz.store(mem, p, old + n);
      this.vm.uvmdealloc(table, old, old + n);
    }
    if (pageRoundUp(old) !== pageRoundUp(old + n)) this.flushResized();
    return true;
  }

  /** Pages of the running process have gone, or come. */
  protected flushResized(): void {
    this.cx.hart.sfenceVma();
  }

  /**
   * Ends the running process. It stays a zombie until its parent waits, but its memory goes now: no code of ours runs on
   * its page table, and xv6's way would free it in the parent, with wait_lock held.
   */
  exit(p: number, status: number): void {
    const { mem, spin, layout } = this.cx;
    this.descriptors.closeAll(p);
    this.table.freeMemory(p);
    const first = p === system.fields.initproc.load(mem, layout.system);

    spin.acquire(this.waitLock);
    this.reparent(p);
    this.sleep.wakeup(parent.load(mem, p));
    spin.acquire(lock.at(p));
    if (parent.load(mem, p) === 0 && !first) {
      this.table.leave(p);
      this.bury(p);
      spin.release(this.waitLock);
      return;
    }
    xstate.store(mem, p, status);
    state.store(mem, p, ProcState.Zombie);
    this.table.leave(p);
    spin.release(this.waitLock);
    spin.release(lock.at(p));
    if (first) this.halt(status);
  }

  /** Nobody will wait for p, which has exited. wait_lock and p->lock must be held; p->lock is released. */
  private bury(p: number): void {
    this.table.freeproc(p);
    this.cx.spin.release(lock.at(p));
    this.slotWait.reaped();
  }

  /** Waits for a child to exit and writes its status to user address `addr`, unless that is 0. Its pid; -1: no children, or killed. */
  wait(p: number, addr: number): number {
    const { mem, spin, layout } = this.cx;
    spin.acquire(this.waitLock);
    let children = false;
    for (const child of layout.procs) {
      if (parent.load(mem, child) !== p) continue;
      children = true;
      spin.acquire(lock.at(child));
      if (state.load(mem, child) === ProcState.Zombie) {
        const childPid = this.reap(p, child, addr);
        spin.release(lock.at(child));
        this.slotWait.reaped();
        spin.release(this.waitLock);
        return childPid;
      }
      spin.release(lock.at(child));
    }
    if (children && this.sleep.sleep(p, p, this.waitLock)) return GONE;
    spin.release(this.waitLock);
    return -1;
  }

  /** Tells p how its child ended, at `addr`, and gives the slot back. wait_lock and the child's lock must be held. Its pid; -1: `addr` is no place to write to, and nothing has changed. */
  protected reap(p: number, child: number, addr: number): number {
    const { mem } = this.cx;
    const childPid = pid.load(mem, child);
    if (!this.tellStatus(p, child, addr)) return -1;
    parent.store(mem, child, 0);
    this.table.freeproc(child);
    return childPid;
  }

  /** false: the status cannot be written to `addr`. */
  protected tellStatus(p: number, child: number, addr: number): boolean {
    const { mem } = this.cx;
    return addr === 0 || this.copyUser.copyout(pagetable.load(mem, p), addr, int(xstate.load(mem, child)));
  }

  /** Gives the children of p to whoever adopts orphans. wait_lock must be held. */
  protected reparent(p: number): void {
    const { mem, layout } = this.cx;
    const adopter = system.fields.adopter.load(mem, layout.system);
    for (const child of layout.procs) {
      if (parent.load(mem, child) !== p) continue;
      parent.store(mem, child, adopter);
      if (adopter === 0) this.buryZombie(child);
      else this.sleep.wakeup(adopter);
    }
  }

  /** Nobody will wait for p; if it has not exited yet, its own exit does the same. wait_lock must be held. */
  private buryZombie(p: number): void {
    const { mem, spin } = this.cx;
    spin.acquire(lock.at(p));
    if (state.load(mem, p) === ProcState.Zombie) this.bury(p);
    else spin.release(lock.at(p));
  }

  /** The first process is gone, or what it was for: the machine stops. Processes that are left stay as they are. */
  halt(status: number): void {
    const { mem, layout } = this.cx;
    const { exitStatus, halted } = system.fields;
    if (halted.load(mem, layout.system) !== 0) panic('init exiting twice');
    exitStatus.store(mem, layout.system, status);
    // Publishes exitStatus: pairs with the load in the scheduler and in `readOutcome`.
    halted.store(mem, layout.system, 1);
  }
}

/** A C int as it lies in memory. */
function int(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
