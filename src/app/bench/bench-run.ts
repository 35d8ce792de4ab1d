import { availableParallelism, cpus } from 'node:os';
import { freeLists } from '../../../kernel/memory/free-lists.js';
import { hartFreeLists } from '../../../kernel/memory/hart-free-lists.js';
import { refsChoices } from '../../../kernel/page-sharing/counts/schemes.js';
import { DEFAULT_DESIGN, designs } from '../../../kernel/page-sharing/designs.js';
import { HOSTED_DEFAULTS } from '../../../kernel/scenarios/hosted-config.js';
import type { WorkConfig } from '../../../kernel/scenarios/kernel-work.js';
import { VERSION } from '../manifest.js';
import type { BenchPart } from './bench-part.js';
import { LOCK_BENCH_DEFAULTS, LockBench, type LockBenchOptions } from './lock-bench.js';
import { measuredEngine, measuredExploration, measuredFork, measuredLocks } from './measured-parts.js';
import { modelRows } from './model.js';
import { nanosecondsPerRound } from './nanoseconds-per-round.js';
import { BENCH_FORMAT, type BenchResult, type VirtualFigures } from './result.js';
import { WorkBench, type WorkBenchOptions } from './work-bench.js';

/** Everything that can be asked for. */
export interface BenchOptions extends LockBenchOptions {
  /** Names of benches. */
  readonly benches: readonly string[];
  /** Of kernel work: measured operations by each hart, and pages of the heap of each process. */
  readonly rounds: number;
  readonly pages: number;
  /** How often each thing is measured by a real clock; 0: nothing is. */
  readonly repetitions: number;
}

/** The kernel of a bench that compares something else than designs. */
const KERNEL = { design: DEFAULT_DESIGN.name, form: HOSTED_DEFAULTS.form, bug: null };

const FORK = 'fork-write-all';

/** Add new benches here: what each is made of, one part after the other. */
const parts: Readonly<Record<string, (options: BenchOptions) => readonly BenchPart[]>> = {
  locks: (options) => [new LockBench(options), ...measured(options, () => measuredLocks(options, options.repetitions))],
  refs: (options) => [
    // The lock of one free list would be what all of them wait for.
    work(options, 'refs', ['fork-exit'], refsChoices, ({ name }) => ({
      ...KERNEL,
      refs: name,
      freelist: hartFreeLists.name,
    })),
  ],
  alloc: (options) => [
    work(options, 'alloc', ['kalloc-kfree'], freeLists, ({ name }) => ({ ...KERNEL, freelist: name })),
  ],
  fork: (options) => [
    work(options, 'fork', [FORK], named(options.locks), ({ name }) => ({ ...KERNEL, lock: name })),
    ...measured(options, () =>
      measuredFork(options, { work: FORK, kernel: KERNEL, pages: options.pages }, options.repetitions),
    ),
  ],
  cow: (options) => [
    work(options, 'cow', ['fork-exec', 'fork-write-all', 'fork-write-some'], designs, ({ name }) => ({
      ...KERNEL,
      design: name,
    })),
  ],
  engine: (options) => measured(options, () => measuredEngine(KERNEL, options.repetitions)),
  explore: (options) => measured(options, () => measuredExploration(options.repetitions)),
};

function measured({ repetitions }: BenchOptions, part: () => BenchPart): BenchPart[] {
  return repetitions === 0 ? [] : [part()];
}

interface Named {
  readonly name: string;
}

function named(names: readonly string[]): Named[] {
  return names.map((name) => ({ name }));
}

/** The kernel work of a bench, with each of the variants. */
function work(
  { harts, rounds, pages, costs, workload: { seed } }: BenchOptions,
  bench: WorkBenchOptions['bench'],
  works: readonly string[],
  compared: readonly Named[],
  kernelOf: (variant: Named) => WorkConfig['kernel'],
): WorkBench {
  const variants = compared.map((variant) => ({ name: variant.name, kernel: kernelOf(variant) }));
  return new WorkBench({ bench, works, variants, harts, rounds, pages, costs, seed });
}

export const BENCHES: readonly string[] = Object.keys(parts);
export const BENCH_DEFAULTS: BenchOptions = {
  ...LOCK_BENCH_DEFAULTS,
  benches: BENCHES,
  rounds: 2,
  pages: 8,
  repetitions: 5,
};

/** `hartbreak bench` from beginning to end. */
export class BenchRun {
  private readonly parts: readonly BenchPart[];
  private current = 0;
  private isStopped = false;
  private readonly begun = performance.now();
  private nanosecondsPerCycle: number | undefined;

  constructor(private readonly options: BenchOptions) {
    this.parts = BENCHES.filter((name) => options.benches.includes(name)).flatMap((name) => parts[name]!(options));
  }

  /** Until everything is there or somebody stops it. Throws RangeError where there is no room for a machine. */
  async run(): Promise<void> {
    for (; this.current < this.parts.length && !this.isStopped; this.current++) {
      const part = this.parts[this.current]!;
      await part.run();
      // A part that was stopped may be in the middle of something: the process ends with it.
      if (!this.isStopped) await part.close();
    }
  }

  stop(): void {
    this.isStopped = true;
    this.parts[this.current]?.stop();
  }

  get isStarting(): boolean {
    return this.parts[this.current]?.isStarting ?? false;
  }

  /** `locks in virtual time: 12 of 42 runs, 8 s` */
  get progress(): string {
    const part = this.parts[Math.min(this.current, this.parts.length - 1)];
    if (part === undefined) return '';
    return `${part.title}: ${part.completed} of ${part.count}, ${this.seconds.toFixed(0)} s`;
  }

  /** What there is so far. */
  get result(): BenchResult {
    const all = this.parts.map(({ findings }) => findings);
    const virtual: Omit<VirtualFigures, 'costs'> = Object.assign({}, ...all.map((one) => one.virtual));
    const rows = all.flatMap((one) => one.rows ?? []);
    const isHeld = modelRows(virtual, rows, 1).length > 0;
    if (isHeld) this.nanosecondsPerCycle ??= nanosecondsPerRound();
    const cycle = this.nanosecondsPerCycle;
    return {
      format: BENCH_FORMAT,
      version: VERSION,
      interrupted: this.parts.some(({ completed, count }) => completed < count),
      virtual: { costs: this.options.costs, ...virtual },
      measured: {
        host: {
          node: process.version,
          processor: cpus()[0]?.model ?? 'a processor without a name',
          cores: availableParallelism(),
        },
        seconds: this.seconds,
        nanosecondsPerCycle: cycle ?? null,
        rows,
        model: cycle === undefined ? [] : modelRows(virtual, rows, cycle),
      },
    };
  }

  private get seconds(): number {
    return (performance.now() - this.begun) / 1000;
  }
}
