import { Piscina } from 'piscina';
import { lockFamilies } from '../../kernel/locks/families.js';
import type { ContentionConfig } from '../../kernel/scenarios/contention.js';
import type { ContentionFigures } from '../../kernel/scenarios/contention-figures.js';
import type { ContentionTimeline } from '../../kernel/scenarios/contention-timeline.js';
import type { Contended, ContendTask } from '../../workers/contend.js';
import { MAX_HARTS } from '../memory/map.js';
import { threadEntry } from '../memory/package-root.js';
import { DEFAULT_COSTS, type TimeCosts } from '../schedule/time-costs.js';

/** What the harts do, beside taking the lock. */
export type Workload = Omit<ContentionConfig, 'lock' | 'harts'>;

export interface LockBenchOptions {
  readonly locks: readonly string[];
  readonly harts: readonly number[];
  readonly workload: Workload;
  readonly costs: TimeCosts;
}

export const LOCK_BENCH_DEFAULTS: LockBenchOptions = {
  locks: lockFamilies.map(({ name }) => name),
  harts: Array.from({ length: Math.log2(MAX_HARTS) + 1 }, (_, i) => 2 ** i),
  workload: { acquisitions: 8, inside: 100, outside: 1000, seed: 1 },
  costs: DEFAULT_COSTS,
};

/** One lock and one number of harts: figures of virtual time, and the real seconds that they took. */
export interface LockBenchCell {
  readonly lock: string;
  readonly harts: number;
  readonly figures: ContentionFigures;
  readonly timeline: ContentionTimeline;
  readonly seconds: number;
}

/** Locks of the kernel under contention, in virtual time, one after the other on one machine. */
export class LockBench {
  /** What there is so far: all locks with few harts come before any with more. */
  readonly cells: LockBenchCell[] = [];
  private readonly threads: Piscina<ContendTask, Contended>;
  private readonly ended: Promise<undefined>;
  private end: () => void = () => {};
  private isStopped = false;

  constructor(private readonly options: LockBenchOptions) {
    this.threads = new Piscina<ContendTask, Contended>({
      filename: threadEntry('contend').href,
      minThreads: 1,
      maxThreads: 1,
    });
    this.ended = new Promise((resolve) => {
      this.end = () => resolve(undefined);
    });
  }

  /** Cells in all. */
  get count(): number {
    return this.options.locks.length * this.options.harts.length;
  }

  /** Threads of the machine may be coming up. */
  get isStarting(): boolean {
    return this.cells.length === 0;
  }

  /** Fills `cells`, until they are all there or somebody stops it. Throws RangeError where there is no room for the machine. */
  async run(): Promise<void> {
    const { locks, harts } = this.options;
    for (const count of [...harts].sort((a, b) => a - b))
      for (const lock of locks) {
        const begun = performance.now();
        const contended = await Promise.race([this.contend(lock, count), this.ended]);
        if (this.isStopped || contended === undefined) return;
        this.cells.push({ lock, harts: count, ...contended, seconds: (performance.now() - begun) / 1000 });
      }
  }

  /** `run` comes back at once. Its threads may be in the middle of something. */
  stop(): void {
    this.isStopped = true;
    this.end();
  }

  async close(): Promise<void> {
    await this.threads.destroy();
  }

  private contend(lock: string, harts: number): Promise<Contended> {
    const { workload, costs } = this.options;
    return this.threads.run({ machine: Math.max(...this.options.harts), run: { lock, harts, ...workload }, costs });
  }
}
