import { audit } from '../../kernel/books/ledger.js';
import { type Lockstat, readLockstat } from '../../kernel/books/lockstat.js';
import { LockstatBook, type LockstatChoice, lockstatSize, ONLY_COUNTS } from '../../kernel/books/lockstat-book.js';
import { readStatistics, type Statistics } from '../../kernel/books/statistics.js';
import { formOf, type KernelConfig, kernelChoices, kernelLayoutOf } from '../../kernel/config.js';
import { Kernel } from '../../kernel/main.js';
import type { FormName } from '../../kernel/page-sharing/page-sharing.js';
import { BSIZE } from '../../kernel/params.js';
import { proc } from '../../kernel/process/proc-struct.js';
import type { Engine } from '../../src/hart/engine.js';
import { Exit } from '../../src/hart/engine.js';
import { Hart } from '../../src/hart/hart.js';
import type { ProgramImage } from '../../src/hart/program-image.js';
import { Next } from '../../src/hart/trap-handler.js';
import { Cause } from '../../src/isa/causes.js';
import { Question, type SharedAccess } from '../../src/memory/access.js';
import { type HartMap, hartBlock, type MapConfig, memoryMap } from '../../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../../src/memory/shared-memory.js';
import { WatchedAccess } from '../../src/memory/watched-access.js';

/** Counts flushes and runs nothing: the tests play the user program. */
export class StillEngine implements Engine {
  flushes = 0;
  run(): Exit {
    return Exit.Budget;
  }
  flushTlb(): void {
    this.flushes++;
  }
  flushCode(): void {}
}

/** Text of one page, data of one page and a bit more. */
export const program: ProgramImage = {
  entry: 0,
  segments: [
    { vaddr: 0, fileBytes: Uint8Array.of(0x13, 0, 0, 0), memSize: 100, writable: false, executable: true },
    { vaddr: 0x1000, fileBytes: Uint8Array.of(1, 2, 3), memSize: 0x1800, writable: true, executable: false },
  ],
};
/** First byte of its data, which is writable; of its stack; and where its memory ends. */
export const DATA = 0x1000;
export const STACK = 0x4000;
export const END = 0x5000;
export const GUARD = 0x3000;

export interface Options {
  readonly harts?: number;
  readonly memory?: number;
  readonly design?: string;
  readonly form?: FormName;
  readonly bug?: string | null;
  readonly lock?: string;
  readonly refs?: string;
  readonly freelist?: string;
  readonly abi?: string;
  readonly processes?: number;
  readonly argv?: readonly string[];
  /** 'disk': argv[0] is on the disk. */
  readonly program?: ProgramImage | 'disk';
  readonly disk?: Uint8Array;
  readonly consoleOpen?: boolean;
  /** Whether the first process gets the orphans. */
  readonly adopts?: boolean;
  /** The console shows what is typed. */
  readonly echo?: boolean;
  /** Time skips what nobody uses. */
  readonly virtualTime?: boolean;
  /** What runs user code; a still one when there is none. */
  readonly engine?: (memory: SharedMemory, map: HartMap) => Engine;
  /** What is kept of locks beside counts, in milliseconds of the machine's clock. */
  readonly lockstat?: LockstatChoice;
  /** A machine that another thread has made, seen from this one. */
  readonly attach?: SharedMemoryHandle;
}

/** Several harts' kernels on one thread: the test decides whose turn it is. */
export class KernelMachine {
  readonly memory: SharedMemory;
  /** How the kernels access memory; what the test itself does goes past it. */
  readonly access: WatchedAccess;
  readonly config: KernelConfig;
  readonly harts: readonly Hart[];
  readonly kernels: readonly Kernel[];
  readonly idle = new Set<number>();
  output = '';
  /** Milliseconds. */
  time = 5000;
  /** Typed, and not yet taken by the kernel; whether that was all; whether somebody in the guest has asked for it. */
  typed: number[] = [];
  inputEnds = false;
  inputWanted = false;
  /** Allocations that still succeed. */
  allocations = Number.POSITIVE_INFINITY;
  rings = 0;

  constructor(options: Options = {}) {
    const { engine = () => new StillEngine() } = options;
    const { harts = 1, memory = 2, design = 'page-map-lock', form = 'sound', bug = null, processes = 8 } = options;
    const { disk } = options;
    this.config = { design, form, bug, ...kernelChoices(options), processes, diskBlocks: (disk?.length ?? 0) / BSIZE };
    this.memory =
      options.attach === undefined ? this.newMemory({ harts, memory }, options) : SharedMemory.attach(options.attach);
    const lockstat = { mem: this.memory.host, at: this.memory.map.lockstat, now: () => this.time };
    // The answers of the schedule are the test's.
    const answers: SharedAccess = Object.create(this.memory.ram, {
      ask: { value: (question: Question) => (question === Question.AllocationFails && --this.allocations < 0 ? 1 : 0) },
    });
    this.access = new WatchedAccess(answers);
    this.harts = this.memory.map.harts.map((map, id) => new Hart(id, this.memory, engine(this.memory, map)));
    this.kernels = this.harts.map(
      (hart) =>
        new Kernel({
          hart,
          mem: this.access,
          config: this.config,
          doorbells: {
            markIdle: ({ id }) => this.idle.add(id),
            clearIdle: ({ id }) => this.idle.delete(id),
            ringIdle: () => this.rings++,
          },
          console: { write: (bytes) => (this.output += new TextDecoder().decode(bytes)) },
          input: {
            echo: options.echo ?? false,
            pending: () => this.typed.length > 0 || this.inputEnds,
            take: (most) => Uint8Array.from(this.typed.splice(0, most)),
            takeEnd: () => this.takeEnd(),
            want: () => {
              this.inputWanted = true;
            },
          },
          now: () => this.time,
          ...(options.virtualTime === true && { skip: (milliseconds: number) => (this.time += milliseconds) }),
          ...(options.program === 'disk' ? {} : { program: options.program ?? program }),
          argv: options.argv ?? ['init'],
          ...(disk === undefined ? {} : { disk }),
          consoleOpen: options.consoleOpen ?? true,
          ...(options.adopts !== undefined && { adopts: options.adopts }),
          lockstat,
        }),
    );
  }

  static booted(options: Options = {}): KernelMachine {
    const machine = new KernelMachine(options);
    machine.boot();
    return machine;
  }

  private newMemory(shape: MapConfig, { lockstat = ONLY_COUNTS }: Options): SharedMemory {
    const layout = kernelLayoutOf(this.config, memoryMap(shape));
    const memory = SharedMemory.create({ ...shape, lockstat: lockstatSize(layout, lockstat) });
    LockstatBook.begin(memory.host, memory.map.lockstat, layout, lockstat);
    return memory;
  }

  /** Starts every hart; hart 0 runs the first process. */
  boot(): void {
    for (const [id, kernel] of this.kernels.entries()) kernel.start(this.harts[id]!);
  }

  get kernel(): Kernel {
    return this.kernels[0]!;
  }
  get layout() {
    return this.kernel.layout;
  }
  get ram() {
    return this.memory.ram;
  }

  /** Lets the process on the hart execute an ecall. */
  call(hart: number, number: number, ...args: number[]): Next {
    const on = this.harts[hart]!;
    on.setX(17, BigInt(number));
    for (const [index, value] of args.entries()) on.setX(10 + index, BigInt(value));
    return this.kernels[hart]!.trap(on, Cause.UserEcall);
  }

  /** As `call`, for a call that must return at once: its result. */
  result(hart: number, number: number, ...args: number[]): number {
    const next = this.call(hart, number, ...args);
    if (next !== Next.Run) throw new Error(`the call left the hart with ${next}`);
    return this.a0(hart);
  }

  a0(hart: number): number {
    return this.harts[hart]!.getNumber(10);
  }

  /** A trap with a value. */
  fault(hart: number, cause: number, va: number): Next {
    const { block } = this.harts[hart]!.map;
    hartBlock.fields.value.store(this.memory.host, block, va);
    return this.kernels[hart]!.trap(this.harts[hart]!, cause);
  }

  private takeEnd(): boolean {
    const over = this.inputEnds && this.typed.length === 0;
    if (over) this.inputEnds = false;
    return over;
  }

  /** Somebody types at the terminal; a hart sees it with its next interrupt. */
  type(text: string): void {
    this.typed.push(...new TextEncoder().encode(text));
  }

  interrupt(hart: number): Next {
    return this.kernels[hart]!.interrupt(this.harts[hart]!);
  }

  /** Struct proc that runs on the hart, or 0. */
  running(hart: number): number {
    return this.kernels[hart]!.parts.table.myproc();
  }
  runningPid(hart: number): number {
    const p = this.running(hart);
    return p === 0 ? 0 : proc.fields.pid.load(this.ram, p);
  }
  pagetable(hart: number): number {
    return proc.fields.pagetable.load(this.ram, this.running(hart));
  }

  /** What a user load would give on the hart; undefined: it would fault. */
  userLoad(hart: number, va: number): number | undefined {
    return this.kernels[hart]!.parts.copyUser.copyin(this.pagetable(hart), va, 1)?.[0];
  }

  /** A user store: as the hardware, faults when the entry does not grant it. What the fault handler left, or Run. */
  userStore(hart: number, va: number, value: number): Next {
    const { vm } = this.kernels[hart]!.parts;
    for (;;) {
      const pte = vm.userPte(this.pagetable(hart), va);
      const entry = pte === 0 ? 0 : this.ram.load32(pte);
      if ((entry & 4) !== 0) {
        this.ram.store8((entry >>> 10) * 4096 + (va % 4096), value);
        return Next.Run;
      }
      const before = this.running(hart);
      const next = this.fault(hart, Cause.StorePageFault, va);
      if (next !== Next.Run || this.running(hart) !== before) return next;
    }
  }

  violations(): readonly string[] {
    return audit(this.ram, this.layout, formOf(this.config)).violations;
  }
  lockstat(): Lockstat {
    const { host, map } = this.memory;
    return readLockstat(LockstatBook.open(host, map.lockstat, this.layout), 'ns');
  }
  statistics(): Statistics {
    return readStatistics(this.ram, this.layout);
  }
}
