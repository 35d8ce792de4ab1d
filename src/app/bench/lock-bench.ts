import { lockFamilies } from '../../../kernel/locks/families.js';
import type { ContentionConfig } from '../../../kernel/scenarios/contention.js';
import { contentionFigures } from '../../../kernel/scenarios/contention-figures.js';
import { contentionTimeline } from '../../../kernel/scenarios/contention-timeline.js';
import { MAX_HARTS } from '../../memory/map.js';
import { DEFAULT_COSTS, type TimeCosts } from '../../schedule/time-costs.js';
import type { BenchPart, Findings } from './bench-part.js';
import type { LockCell, LockFigures, LockTimeline } from './result.js';
import { TimedRuns } from './timed-runs.js';

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

interface Done {
  readonly cell: LockCell;
  readonly timeline: LockTimeline;
}

/** Locks of the kernel under contention, in virtual time. */
export class LockBench implements BenchPart {
  readonly title = 'locks, virtual time';
  private readonly runs: TimedRuns;
  private readonly plan: readonly { readonly lock: string; readonly harts: number }[];
  private readonly done = new Map<number, Done>();

  constructor(private readonly options: LockBenchOptions) {
    this.runs = new TimedRuns(Math.max(...options.harts));
    const harts = [...options.harts].sort((a, b) => a - b);
    this.plan = harts.flatMap((count) => options.locks.map((lock) => ({ lock, harts: count })));
  }

  get count(): number {
    return this.plan.length;
  }

  get completed(): number {
    return this.done.size;
  }

  get isStarting(): boolean {
    return this.runs.isStarting;
  }

  get findings(): Findings {
    return this.completed === 0 ? {} : { virtual: { locks: this.figures } };
  }

  get figures(): LockFigures {
    const all = this.plan.flatMap((_, i) => this.done.get(i) ?? []);
    return {
      workload: this.options.workload,
      cells: all.map(({ cell }) => cell),
      timelines: all.map(({ timeline }) => timeline),
    };
  }

  async run(): Promise<void> {
    const { workload, harts, costs } = this.options;
    const machine = Math.max(...harts);
    const tasks = this.plan.map(({ lock, harts: count }) => {
      const run = { kind: 'contention', lock, harts: count, ...workload } as const;
      return { machine, run, costs, seed: workload.seed };
    });
    await this.runs.all(tasks, (i, record) => {
      const { lock, harts: count } = this.plan[i]!;
      this.done.set(i, {
        cell: { lock, harts: count, ...contentionFigures(record.acquisitions, count) },
        timeline: { lock, harts: count, ...contentionTimeline(record) },
      });
    });
  }

  stop(): void {
    this.runs.stop();
  }

  async close(): Promise<void> {
    await this.runs.close();
  }
}
