import type { Hart } from '../../src/hart/hart.js';
import { Next } from '../../src/hart/trap-handler.js';
import { Cause } from '../../src/isa/causes.js';
import { MAXVA, PAGE_SIZE, Pte, ptePa } from '../../src/isa/sv39.js';
import { KernelEvent, type SharedAccess } from '../../src/memory/access.js';
import { cpu } from '../cpu.js';
import type { Kernel } from '../main.js';
import { leafAddress } from '../page-sharing/entries.js';
import { proc } from '../proc-struct.js';
import { Sys } from '../syscall.js';
import { leafEntry } from './hardware-walk.js';
import { HartTlb, type TlbSide } from './hart-tlb.js';
import type { Pacing } from './pacing.js';
import { runProgram } from './run-program.js';

const A0 = 10;
const A7 = 17;

/** An access of user code, as the hardware knows it. */
interface AccessKind {
  readonly permission: number;
  readonly fault: Cause;
  /** Where its translations are cached; fetches are looked up anew every time. */
  readonly side?: TlbSide;
}
const STORE: AccessKind = { permission: Pte.W, fault: Cause.StorePageFault, side: 'writeTlb' };
const LOAD: AccessKind = { permission: Pte.R, fault: Cause.LoadPageFault, side: 'readTlb' };
const FETCH: AccessKind = { permission: Pte.X, fault: Cause.InstructionPageFault };

/** Plays the user program of whatever process runs on a hart: its loads and stores, its system calls, its faults. */
export class User {
  private readonly tlb: HartTlb;

  constructor(
    readonly kernel: Kernel,
    readonly hart: Hart,
    private readonly mem: SharedAccess,
    /** Absent past any schedule, where nobody runs a program. */
    private readonly pacing?: Pacing,
  ) {
    this.tlb = new HartTlb(hart);
  }

  /** The process that runs on this hart, or 0: looked up past the schedule. */
  get process(): number {
    return cpu.fields.proc.load(this.hart.memory.ram, this.kernel.layout.cpus[this.hart.id]!);
  }

  /** Runs user code on this hart until the first process has exited. */
  runProgram(): void {
    if (this.pacing === undefined) throw new Error('programs run under a schedule only');
    // An idle hart looks for work first: its bell may have rung before its first turn.
    const next = this.process === 0 ? this.kernel.interrupt(this.hart) : Next.Run;
    runProgram(this.kernel, this.hart, this.mem, this.pacing, next);
  }

  /** A system call; what it returned is in a0 if the process still runs here. */
  call(name: keyof typeof Sys, ...args: readonly number[]): Next {
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
    return this.kernel.interrupt(this.hart);
  }

  /** Stores a word: by a cached translation when the hart has one, by the page table and by way of faults when it has not. */
  store(va: number, value: number): Next {
    const pa = this.translate(va, STORE);
    if (typeof pa !== 'number') return pa.instead;
    this.mem.store32(pa, value);
    this.tellIfStale(va, pa, STORE, KernelEvent.StaleStore);
    return Next.Run;
  }

  /** Loads a word; undefined when a fault took the process away. */
  load(va: number): number | undefined {
    const pa = this.translate(va, LOAD);
    if (typeof pa !== 'number') return undefined;
    const value = this.mem.load32(pa);
    this.tellIfStale(va, pa, LOAD, KernelEvent.StaleLoad);
    return value;
  }

  /** Fetches the instruction at `va`; false when a fault took the process away. */
  fetch(va: number): boolean {
    return typeof this.translate(va, FETCH) === 'number';
  }

  /** Physical address; or, when a fault took the process away, what the hart does instead. Faults again as long as the kernel says "go on" and the page table does not grant it. */
  private translate(va: number, kind: AccessKind): number | { readonly instead: Next } {
    const cached = kind.side === undefined ? undefined : this.tlb.find(kind.side, va);
    if (cached !== undefined) return cached;
    const { process } = this;
    for (;;) {
      const entry = this.walk(va);
      if (grants(entry, kind)) {
        if (kind.side !== undefined) this.tlb.enter(kind.side, va, ptePa(entry));
        return ptePa(entry) + (va % PAGE_SIZE);
      }
      this.hart.setTrap(kind.fault, BigInt(va));
      const next = this.kernel.trap(this.hart, kind.fault);
      if (next !== Next.Run || this.process !== process) return { instead: next };
    }
  }

  private tellIfStale(va: number, pa: number, kind: AccessKind, event: KernelEvent): void {
    const entry = this.entry(va);
    if (!grants(entry, kind) || ptePa(entry) !== pa - (pa % PAGE_SIZE)) this.mem.note(event, pa, va);
  }

  /**
   * The hardware's walk. Its look at the leaf entry is an access like any other, as other harts may write there: whoever
   * gave this process a right comes before what it does with it.
   */
  private walk(va: number): number {
    const { ram } = this.hart.memory;
    const p = this.process;
    const leaf = p === 0 || va >= MAXVA ? 0 : leafAddress(ram, proc.fields.pagetable.load(ram, p), va);
    return leaf === 0 ? 0 : this.mem.atomicLoad32(leaf);
  }

  /** What a walk would find, past the schedule: 0 where nothing is mapped. */
  private entry(va: number): number {
    const p = this.process;
    const { ram } = this.hart.memory;
    return p === 0 || va >= MAXVA ? 0 : leafEntry(ram, proc.fields.pagetable.load(ram, p), va);
  }
}

function grants(entry: number, { permission }: AccessKind): boolean {
  const needed = Pte.V | Pte.U | permission;
  return (entry & needed) === needed;
}
