import { ControlledRun } from '../../src/hart/controlled/controlled-run.js';
import { FETCH, type GuestAccess, GuestMemory, LOAD, STORE } from '../../src/hart/controlled/guest-memory.js';
import type { Pacing } from '../../src/hart/controlled/pacing.js';
import type { Hart } from '../../src/hart/hart.js';
import { Next } from '../../src/hart/trap-handler.js';
import { Cause } from '../../src/isa/causes.js';
import { KernelEvent, type SharedAccess } from '../../src/memory/access.js';
import { readOutcome } from '../books/statistics.js';
import { clock } from '../layout.js';
import type { Kernel } from '../main.js';
import { TICK_MS } from '../params.js';
import { cpu } from '../process/cpu.js';
import { Sys } from '../trap/syscall.js';
import type { PlayedInput } from './played-input.js';

const A0 = 10;
const A7 = 17;

/** Plays the user program of whatever process runs on a hart: its loads and stores, its system calls, its faults. */
export class User {
  private readonly memory: GuestMemory;

  constructor(
    readonly kernel: Kernel,
    readonly hart: Hart,
    private readonly mem: SharedAccess,
    /** What its kernel takes from the console. Absent: nothing. */
    private readonly input?: PlayedInput,
    /** Absent past any schedule, where nobody runs a program. */
    private readonly pacing?: Pacing,
  ) {
    this.memory = new GuestMemory(hart, mem);
  }

  /** The process that runs on this hart, or 0: looked up past the schedule. */
  get process(): number {
    const { layout } = this.kernel;
    return cpu.fields.proc.load(this.hart.memory.ram, layout.cpus[this.hart.id]!);
  }

  /** Runs user code on this hart until the first process has exited. */
  runProgram(): void {
    if (this.pacing === undefined) throw new Error('programs run under a schedule only');
    // An idle hart looks for work first: its bell may have rung before its first turn.
    const next = this.process === 0 ? this.kernel.interrupt(this.hart) : Next.Run;
    const isOver = () => readOutcome(this.hart.memory.ram, this.kernel.layout) !== undefined;
    new ControlledRun(this.kernel, this.hart, this.mem, this.pacing, isOver).run(next);
  }

  /** A system call; what it returned is in a0 if the process still runs here. */
  call(name: keyof typeof Sys, ...args: readonly number[]): Next {
    this.begin();
    this.hart.setX(A7, BigInt(Sys[name]));
    args.forEach((value, i) => {
      this.hart.setX(A0 + i, BigInt(value));
    });
    return this.kernel.trap(this.hart, Cause.UserEcall);
  }

  /** What the last system call returned. */
  get returned(): number {
    return this.hart.getNumber(A0);
  }

  /** The timer fires, or, on an idle hart, the doorbell rings. */
  interrupt(): Next {
    this.begin();
    return this.kernel.interrupt(this.hart);
  }

  /**
   * A tick of the clock goes by, and this hart is interrupted for it. The kernel asks how long ago the boot was: that is what
   * changes, past the schedule, as clocks do.
   */
  tick(): Next {
    const { bootTime } = clock.fields;
    const { ram } = this.hart.memory;
    const at = this.kernel.layout.clock;
    bootTime.store(ram, at, bootTime.load(ram, at) - TICK_MS);
    return this.interrupt();
  }

  /** Somebody types that, and this hart is interrupted for it. */
  type(text: string): Next {
    if (this.input === undefined) throw new Error('there is nobody at the console');
    this.input.type(text);
    return this.interrupt();
  }

  /** Stores a word: by a cached translation when the hart has one, by the page table and by way of faults when it has not. */
  store(va: number, value: number): Next {
    this.begin();
    const pa = this.translate(va, STORE);
    if (typeof pa !== 'number') return pa.instead;
    this.mem.store32(pa, value);
    this.memory.tellIfStale(va, pa, STORE);
    return Next.Run;
  }

  /** Loads a word; undefined when a fault took the process away. */
  load(va: number): number | undefined {
    this.begin();
    const pa = this.translate(va, LOAD);
    if (typeof pa !== 'number') return undefined;
    const value = this.mem.load32(pa);
    this.memory.tellIfStale(va, pa, LOAD);
    return value;
  }

  /** Fetches the instruction at `va`; false when a fault took the process away. */
  fetch(va: number): boolean {
    this.begin();
    return typeof this.translate(va, FETCH) === 'number';
  }

  /** What is played next is one operation. */
  private begin(): void {
    this.mem.note(KernelEvent.OperationBegins, 0, 0);
  }

  /** Physical address; or, when a fault took the process away, what the hart does instead. Faults again as long as the kernel says "go on" and the page table does not grant it. */
  private translate(va: number, kind: GuestAccess): number | { readonly instead: Next } {
    const { process } = this;
    for (;;) {
      // satp still names the address space of whoever ran here last.
      const pa = process === 0 ? this.memory.cached(va, kind) : this.memory.translate(va, kind);
      if (pa !== undefined) return pa;
      this.hart.setTrap(kind.fault, BigInt(va));
      const next = this.kernel.trap(this.hart, kind.fault);
      if (next !== Next.Run || this.process !== process) return { instead: next };
    }
  }
}
