import { createHash } from 'node:crypto';
import { type Lockstat, readLockstat } from '../../kernel/books/lockstat.js';
import { LockstatBook, type LockstatChoice, lockstatSize } from '../../kernel/books/lockstat-book.js';
import { kernelLayoutOf } from '../../kernel/config.js';
import type { KernelLayout } from '../../kernel/layout.js';
import { HOSTED } from '../../kernel/scenarios/hosted.js';
import { type HostedChoice, hostedConfig } from '../../kernel/scenarios/hosted-config.js';
import { ControlledMachine } from '../../src/explore/controlled-machine.js';
import { compileInterpreter } from '../../src/interpreter/compile-interpreter.js';
import { hartParts } from '../../src/machine/hart-parts.js';
import { HartThreads } from '../../src/machine/hart-threads.js';
import { memoryMap } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import type { RunResult } from '../../src/schedule/coordinator.js';
import { controlledConfig } from '../../src/schedule/schedule-block.js';
import { DEFAULT_COSTS } from '../../src/schedule/time-costs.js';
import { timedPlan } from '../../src/schedule/timed.js';
import type { Trace } from '../../src/schedule/trace.js';
import type { ControlledHartData } from '../../workers/controlled-hart.js';
import { subjectKindNamed } from '../../workers/subject-kinds.js';

const HART_THREAD = new URL('../../workers/controlled-hart.js', import.meta.url);
const limits = { stepLimit: 200_000, spins: 0 };
const EVENTS = 2 * limits.stepLimit;
/** Cache lines that a run may touch. */
const LINES = 2 ** 15;

/** A scenario's machine in virtual time, with statistics of its locks; its hart 0 is the test's own thread. */
export class TimedKernel {
  private readonly machine: ControlledMachine;
  private readonly threads: HartThreads;
  private readonly memory: SharedMemory;
  private readonly layout: KernelLayout;

  constructor(
    choice: HostedChoice,
    private readonly lockstat: LockstatChoice,
  ) {
    const interpreter = compileInterpreter();
    const kind = subjectKindNamed(HOSTED, (shared) => hartParts(shared, interpreter));
    const config = hostedConfig(choice);
    const { harts, memory } = kind.shape(config);
    this.layout = kernelLayoutOf(config.kernel, memoryMap({ harts, memory }));
    const bytes = lockstatSize(this.layout, lockstat);
    this.memory = SharedMemory.create(controlledConfig(harts, memory, EVENTS, LINES, bytes));
    // For the harts, which look at what is kept when they are made.
    this.begin();
    this.machine = new ControlledMachine(kind, config, this.memory, limits, (data) =>
      createHash('sha256').update(data).digest('hex'),
    );
    const others = this.memory.map.harts.map((_, hart) => hart).slice(1);
    const subject = { kind: HOSTED, config };
    this.threads = new HartThreads(HART_THREAD, others, (hart): ControlledHartData => {
      return { memory: this.memory.handle, hart, interpreter, limits, plugins: [], subject };
    });
  }

  /** One run from the beginning: how it ended, and what its harts did with the locks. */
  run(seed = 1): RunResult & { readonly lockstat: Lockstat } {
    const book = this.begin();
    const result = this.machine.run(timedPlan(this.memory.map.harts.length, DEFAULT_COSTS, seed));
    return { ...result, lockstat: readLockstat(book, 'cycles') };
  }

  /** Of the last run. */
  trace(): Trace {
    return this.machine.trace();
  }

  /** What a lock is called in the statistics. */
  nameOf(lock: number): string {
    return this.layout.locks.find(({ address }) => address === lock)?.name ?? 'pipe';
  }

  async close(): Promise<void> {
    this.machine.dismiss();
    await this.threads.ended();
  }

  private begin(): LockstatBook {
    return LockstatBook.begin(this.memory.host, this.memory.map.lockstat, this.layout, this.lockstat);
  }
}
