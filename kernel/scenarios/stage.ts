import type { Doorbells } from '../../src/hart/doorbells.js';
import type { EngineFactory } from '../../src/hart/engine.js';
import { Hart } from '../../src/hart/hart.js';
import type { ProgramImage } from '../../src/hart/program-image.js';
import { PAGE_SIZE, ptePa } from '../../src/isa/sv39.js';
import { leafEntry } from '../../src/isa/sv39-walk.js';
import type { SharedAccess } from '../../src/memory/access.js';
import { LoneAccess } from '../../src/memory/lone-access.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';
import type { ValidEntries } from '../books/census.js';
import { audit } from '../books/ledger.js';
import { freeFrames, readOutcome } from '../books/statistics.js';
import type { Verdict } from '../books/verdict.js';
import { abiOf, formOf, type KernelConfig, kernelLayoutOf } from '../config.js';
import type { ConsoleInput } from '../context.js';
import type { KernelLayout } from '../layout.js';
import { Kernel, type LockstatPlace } from '../main.js';
import { type ProcState, proc } from '../process/proc-struct.js';
import { PlayedInput } from './played-input.js';
import type { Scenario } from './scenario.js';
import { User } from './user.js';

/** The first process of a scenario that plays its users itself: a page of text, two of data, a stack. */
const IDLE_PROGRAM: ProgramImage = {
  entry: 0,
  segments: [
    { vaddr: 0, fileBytes: Uint8Array.of(0x13, 0, 0, 0), memSize: PAGE_SIZE, writable: false, executable: true },
    { vaddr: PAGE_SIZE, fileBytes: new Uint8Array(), memSize: 2 * PAGE_SIZE, writable: true, executable: false },
  ],
};
/** First bytes of its pages. */
export const TEXT = 0;
export const DATA = PAGE_SIZE;
export const MORE_DATA = 2 * PAGE_SIZE;
export const GUARD = 3 * PAGE_SIZE;
/** Where its memory ends. */
export const STACK_TOP = 5 * PAGE_SIZE;

/** What the kernel does not know how to make: injected from above. */
export interface HartParts {
  readonly engine: EngineFactory;
  readonly doorbells: Doorbells;
  /** A user program of ours, by name. */
  readonly programs: (name: string) => ProgramImage;
}

/** What the first process of a scenario runs. */
export interface FirstProgram {
  readonly image: ProgramImage;
  readonly argv: readonly string[];
}

/** What the clock shows in a scenario, in milliseconds. It stands still, and for a tick to go by, the boot was longer ago (`User.tick`). */
const NOW = 1_000_000;

/** One hart's kernel in a scenario. */
export function scenarioKernel(
  hart: Hart,
  mem: SharedAccess,
  doorbells: Doorbells,
  config: KernelConfig,
  layout: KernelLayout,
  program?: FirstProgram,
  disk?: Uint8Array,
  lockstat?: LockstatPlace,
  input?: ConsoleInput,
): Kernel {
  return new Kernel({
    hart,
    mem,
    config,
    layout,
    doorbells,
    console: { write: () => {} },
    now: () => NOW,
    program: program?.image ?? IDLE_PROGRAM,
    argv: program?.argv ?? ['init'],
    // Users that are played print nothing, and what a fork does with open files is not what they are about.
    consoleOpen: program !== undefined,
    ...(disk === undefined ? {} : { disk }),
    ...(lockstat !== undefined && { lockstat }),
    ...(input !== undefined && { input }),
  });
}

/** Where a machine that has room for them keeps statistics of locks. @param now of the hart's clock, in the unit of the statistics */
export function lockstatPlace({ host, map }: SharedMemory, now: () => number): LockstatPlace | undefined {
  return map.config.lockstat ? { mem: host, at: map.lockstat, now } : undefined;
}

/** All harts of a scenario on one thread, past any schedule: to set it up and to look at it afterwards. */
export class Stage {
  readonly layout: KernelLayout;
  readonly users: readonly User[];
  private readonly user: (hart: Hart, mem: SharedAccess) => User;

  constructor(
    readonly memory: SharedMemory,
    readonly config: KernelConfig,
    { engine, doorbells, programs }: HartParts,
    { program, disk }: Pick<Scenario, 'program' | 'disk'> = {},
  ) {
    this.layout = kernelLayoutOf(config, memory.map);
    const first = program && { image: programs(program[0]!), argv: program };
    const harts = memory.map.harts.map((map, id) => new Hart(id, memory, engine(memory, map)));
    this.user = (hart, mem) => {
      const input = program === undefined ? new PlayedInput() : undefined;
      const kernel = scenarioKernel(hart, mem, doorbells, config, this.layout, first, disk, undefined, input);
      return new User(kernel, hart, mem, input);
    };
    const mem = new LoneAccess(memory.ram);
    this.users = harts.map((hart) => this.user(hart, mem));
  }

  /** The same harts with kernels of their own, which remember nothing of what came before and access memory by `mem`. */
  aside(mem: SharedAccess): readonly User[] {
    return this.users.map(({ hart: { id, engine } }) => this.user(new Hart(id, this.memory, engine), mem));
  }

  /** Boots; hart 0 has the first process before its first instruction, the other harts are idle. */
  bootProgram(): void {
    for (const { kernel, hart } of this.users) kernel.start(hart);
  }

  /** Exit status of the first process, or undefined while it runs. */
  get outcome(): number | undefined {
    return readOutcome(this.memory.ram, this.layout);
  }

  /** Boots; hart 0 runs the first process, which has forked one child for every other hart, and they run those. */
  bootFamily(): void {
    const [first, ...others] = this.users;
    first!.kernel.start(first!.hart);
    first!.store(DATA, 1);
    first!.store(MORE_DATA, 1);
    for (const other of others) {
      first!.call('fork');
      other.kernel.start(other.hart);
    }
  }

  /** Whether sbrk can promise pages that come when they are touched. */
  get lazySbrk(): boolean {
    return abiOf(this.config).lazySbrk;
  }

  /** Frames that kalloc can still hand out. */
  get freeFrames(): number {
    return freeFrames(this.memory.ram, this.layout);
  }

  /** The word that a process sees at `va`, or undefined when nothing is mapped there. */
  word(process: number, va: number): number | undefined {
    const { ram } = this.memory;
    const root = proc.fields.pagetable.load(ram, process);
    const pte = root === 0 ? 0 : leafEntry(ram, root, va);
    return pte === 0 ? undefined : ram.load32(ptePa(pte) + (va % PAGE_SIZE));
  }

  state(process: number): ProcState {
    return proc.fields.state.load(this.memory.ram, process) as ProcState;
  }

  /** What the ledger holds against memory as it is, while operations in flight hold these frames. */
  audit(holds?: ReadonlyMap<number, number>, entries?: ValidEntries): readonly Verdict[] {
    return audit(this.memory.ram, this.layout, formOf(this.config), holds, entries).verdicts;
  }
}
