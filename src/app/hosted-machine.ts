import { audit } from '../../kernel/books/ledger.js';
import { type LockInstance, readLockInstances, readLockstat } from '../../kernel/books/lockstat.js';
import { LockstatBook, type LockstatChoice, lockstatSize, ONLY_COUNTS } from '../../kernel/books/lockstat-book.js';
import { hasBooted, readHeldLocks, readOutcome, readStatistics } from '../../kernel/books/statistics.js';
import { DeadlockWatch, readWaiters } from '../../kernel/books/wait-circle.js';
import { checkBoot, formOf, type KernelConfig, kernelLayoutOf, lockFamilyOf } from '../../kernel/config.js';
import { checkImage } from '../../kernel/fs/check-image.js';
import { BootError } from '../../kernel/kernel-panic.js';
import type { KernelLayout } from '../../kernel/layout.js';
import { BSIZE } from '../../kernel/params.js';
import type { FirstProcess } from '../../kernel/process/userinit.js';
import type { HartTask } from '../../workers/hart.js';
import { compileInterpreter } from '../interpreter/compile-interpreter.js';
import type { ElfExecutable } from '../machine/elf.js';
import { type EngineFigures, MachineControl } from '../machine/machine-control.js';
import { memoryMap } from '../memory/map.js';
import { threadEntry } from '../memory/package-root.js';
import { SharedMemory } from '../memory/shared-memory.js';
import type { RunCounters, RunReport } from '../report/run-summary.js';
import { FunctionNames } from '../symbols/function-names.js';
import { useBranchHints } from '../translator/branch-hints.js';
import { DEFAULT_ENGINE, type EngineChoice } from '../translator/engines.js';
import { HartCrew, type Patience } from './hart-crew.js';
import { HartEnds } from './hart-ends.js';
import type { TerminalOptions } from './terminal.js';

/** What the first process runs. */
export interface FirstProgram extends FirstProcess {
  readonly program?: ElfExecutable;
}

export interface HostedOptions extends FirstProgram {
  readonly harts: number;
  /** RAM in MiB. */
  readonly memory: number;
  readonly kernel: KernelConfig;
  /** `DEFAULT_ENGINE` when there is none. */
  readonly engine?: EngineChoice;
  /** What is on the disk when the machine starts; `kernel` says how many blocks that is. */
  readonly disk?: Uint8Array;
  /** File descriptor that the guest's console writes to. */
  readonly consoleFd: number;
  /** What is typed at the guest's console, and whom it concerns beside the guest. Absent: nothing ever is. */
  readonly stdin?: TerminalOptions;
  /** The machine's clock skips the time in which it has nothing to do. */
  readonly virtualTime?: boolean;
  /** What harts do with locks is measured, and stands in the report. Absent: it is counted. */
  readonly lockstat?: LockstatOptions;
  /** Thread entry of a hart; workers/hart.ts when there is none. */
  readonly hartThread?: URL;
  readonly patience?: Patience;
}

export interface LockstatOptions {
  /** By call sites too. */
  readonly callers: boolean;
}

/**
 * One acquisition in so many is looked at closely: a clock takes about as long as an acquisition, the stack of the kernel a
 * hundred times that. `bench/lockstat-cost.ts` and `bench/lock-operation.ts` measure what it comes to.
 */
export const LOCKSTAT_SAMPLING = { times: 1024, callers: 4096 } as const;

/** Between two looks for harts that wait for one another. */
const DEADLOCK_LOOK_MS = 250;

/** A free-running machine under the hosted kernel: its memory, its threads, and what can be read off it from outside. */
export class HostedMachine {
  readonly control: MachineControl;
  private readonly memory: SharedMemory;
  private readonly layout: KernelLayout;
  private readonly lockstat: LockstatBook;
  private readonly ends: HartEnds;
  private readonly crew: HartCrew<HartTask>;
  private readonly violations: string[] = [];
  private audits = 0;
  private seconds = 0;

  /**
   * Throws RangeError for a configuration outside the limits, NoRoomError when the host has no memory for it, BootError
   * when the machine's memory cannot hold kernel and program.
   */
  constructor(private readonly options: HostedOptions) {
    const { harts, memory, kernel, program } = options;
    const shape = { harts, memory };
    const map = memoryMap(shape);
    checkBoot(kernel, map, program);
    this.layout = kernelLayoutOf(kernel, map);
    const choice = lockstatChoice(options.lockstat);
    this.memory = SharedMemory.create({ ...shape, lockstat: lockstatSize(this.layout, choice) });
    this.lockstat = LockstatBook.begin(this.memory.host, this.memory.map.lockstat, this.layout, choice);
    this.control = new MachineControl(this.memory);
    const names = new FunctionNames(program?.symbols ?? []);
    this.ends = new HartEnds(harts, (hart) => ({
      pc: names.describe(this.control.whereabouts(hart).pc),
      locks: readHeldLocks(this.memory.ram, this.layout, lockFamilyOf(kernel)).flatMap((lock) =>
        lock.hart === hart ? [lock.name] : [],
      ),
    }));
    const { stdin, patience, hartThread = threadEntry('hart') } = options;
    this.crew = new HartCrew(this.memory, this.control, this.ends, {
      thread: hartThread,
      ...(stdin !== undefined && { stdin }),
      ...(patience !== undefined && { patience }),
    });
  }

  /**
   * Runs until the first program exits or the machine is stopped; then audits once more. Whatever a hart does, this
   * settles, and what went wrong is in the report. Throws BootError when the kernel could not start the program.
   */
  async run(): Promise<void> {
    const { ends, crew } = this;
    // Before the threads: while they all start, this one gets its share of the cores and no more.
    const taskOf = this.tasks();
    const deadlocks = this.watchWaiters();
    const seconds = await crew.run(taskOf).finally(() => clearInterval(deadlocks));
    if (ends.unfit !== undefined) throw new BootError(ends.unfit);
    if (seconds === undefined) return;
    this.seconds = seconds;
    if (!ends.threadLost) this.lastAudit();
  }

  /** After `run`: what is on the disk; undefined when there is none, or the machine stopped before its kernel had put anything there. */
  disk(): Uint8Array | undefined {
    const { disk, config } = this.layout;
    if (config.diskBlocks === 0 || !hasBooted(this.memory.ram, this.layout)) return undefined;
    return this.memory.ram.read(disk, config.diskBlocks * BSIZE);
  }

  /** Every hart leaves at the end of its slice, and `run` settles. */
  stop(): void {
    this.control.stop();
  }

  /** The terminal is the host's again, and what is typed there nobody's. */
  leave(): void {
    this.crew.leave();
  }

  /** Stops every hart between two slices, audits, and lets them go on. */
  async auditStandingStill(): Promise<void> {
    await this.control.whileStandingStill(() => this.audit());
  }

  counters(): RunCounters {
    const { forks, cowFaults, pagesCopied, pagesReused } = readStatistics(this.memory.ram, this.layout);
    const instructions = Array.from({ length: this.options.harts }, (_, hart) => this.control.instructions(hart));
    return { forks, cowFaults, pagesCopied, pagesReused, instructions };
  }

  /** What each hart's engine has done so far. */
  engineFigures(): EngineFigures[] {
    return Array.from({ length: this.options.harts }, (_, hart) => this.control.engineFigures(hart));
  }

  /** After `run`: every lock for itself. */
  lockInstances(): LockInstance[] {
    return readLockInstances(this.lockstat);
  }

  /** After `run`. */
  report(): RunReport {
    const { harts, kernel } = this.options;
    const { instructions, ...counters } = this.counters();
    const lockstat = readLockstat(this.lockstat, 'ns');
    const { failures, readerGone } = this.ends;
    return {
      summary: {
        harts,
        threads: Array.from({ length: harts }, (_, hart) => this.control.whereabouts(hart).threadId),
        design: kernel.design,
        bug: kernel.bug,
        seconds: this.seconds,
        ...counters,
        instructions: instructions.reduce((sum, count) => sum + count, 0),
        locks: lockstat.locks.map(({ name, acquisitions, contentions, spins }) => {
          return { name, acquisitions, contended: contentions, spins };
        }),
        ...(this.options.lockstat !== undefined && { lockstat }),
        ledger: { audits: this.audits, violations: this.violations },
        ok: this.audits > 0 && this.violations.length === 0 && failures.length === 0,
      },
      form: kernel.form,
      status: readOutcome(this.memory.ram, this.layout) ?? null,
      failures,
      readerGone,
    };
  }

  private tasks(): (hart: number) => HartTask {
    const { kernel, program, argv, consoleOpen, disk, consoleFd, stdin, virtualTime = false } = this.options;
    const { engine = DEFAULT_ENGINE } = this.options;
    if (engine.name === 'translator') useBranchHints();
    const interpreter = compileInterpreter();
    // Hart 0 alone boots; copies for every thread could be large.
    const boot = {
      ...(program !== undefined && { program: { entry: program.entry, segments: program.segments } }),
      ...(consoleOpen !== undefined && { consoleOpen }),
      // Only init opens its console itself.
      adopts: consoleOpen === false,
      ...(disk !== undefined && { disk }),
    };
    const input = stdin === undefined ? null : { echo: stdin.stream.isTTY === true };
    const common = { memory: this.memory.handle, interpreter, engine, kernel, argv, consoleFd, input, virtualTime };
    return (hart) => ({ ...common, ...(hart === 0 && boot), hart });
  }

  /** Whether threads are still being made. They must not be ended before they have begun. */
  get isStarting(): boolean {
    return this.crew.isStarting;
  }

  /** A deadlock ends the machine, which would stand still for ever. */
  private watchWaiters(): NodeJS.Timeout {
    const { memory, layout } = this;
    const family = lockFamilyOf(this.options.kernel);
    const deadlocks = new DeadlockWatch(() => readWaiters(memory.ram, layout, family, this.lockstat));
    return setInterval(() => {
      const circle = this.control.stopping ? [] : deadlocks.look();
      if (circle.length === 0) return;
      const told = circle.map(({ hart, lock, holder }) => {
        return `hart ${hart} waits for ${layout.symbols.describe(lock)}, which hart ${holder} holds`;
      });
      this.ends.deadlock(told.join('; '));
      this.control.abort();
    }, DEADLOCK_LOOK_MS);
  }

  private lastAudit(): void {
    this.audit();
    const disk = this.disk();
    const problem = disk === undefined ? undefined : checkImage(disk);
    if (problem !== undefined) this.violations.push(`the disk is damaged: ${problem}`);
  }

  private audit(): void {
    const { violations } = audit(this.memory.ram, this.layout, formOf(this.options.kernel));
    this.audits++;
    // A broken book stays broken: only what is new is worth a line.
    const known = new Set(this.violations);
    for (const violation of violations) if (!known.has(violation)) this.violations.push(violation);
    if (violations.length > 0) this.control.stop();
  }
}

function lockstatChoice(options: LockstatOptions | undefined): LockstatChoice {
  if (options === undefined) return ONLY_COUNTS;
  const { callers } = options;
  return { sampling: callers ? LOCKSTAT_SAMPLING.callers : LOCKSTAT_SAMPLING.times, callers };
}
