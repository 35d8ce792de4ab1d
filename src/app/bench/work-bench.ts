import type { WorkConfig } from '../../../kernel/scenarios/kernel-work.js';
import type { TimeCosts } from '../../schedule/time-costs.js';
import type { BenchPart, Findings } from './bench-part.js';
import type { VirtualFigures, WorkCell, WorkFigures } from './result.js';
import { TimedRuns } from './timed-runs.js';

/** Which kernels are compared, under what, by how many harts. */
export interface WorkBenchOptions {
  /** Where its figures stand in the result. */
  readonly bench: 'fork' | 'cow' | 'refs' | 'alloc';
  readonly variants: readonly { readonly name: string; readonly kernel: WorkConfig['kernel'] }[];
  readonly works: readonly string[];
  readonly harts: readonly number[];
  readonly rounds: number;
  readonly pages: number;
  readonly seed: number;
  readonly costs: TimeCosts;
}

const MILLION = 1_000_000;

/** Kernels under the same work, in virtual time. */
export class WorkBench implements BenchPart {
  readonly title: string;
  private readonly runs: TimedRuns;
  private readonly plan: readonly { readonly variant: string; readonly config: WorkConfig }[];
  private readonly done = new Map<number, WorkCell>();

  constructor(private readonly options: WorkBenchOptions) {
    const { bench, variants, works, rounds, pages } = options;
    this.title = `${bench}, virtual time`;
    this.runs = new TimedRuns(Math.max(...options.harts));
    const counts = [...options.harts].sort((a, b) => a - b);
    this.plan = counts.flatMap((harts) =>
      works.flatMap((work) =>
        variants.map(({ name, kernel }) => ({ variant: name, config: { work, kernel, harts, rounds, pages } })),
      ),
    );
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
    if (this.completed === 0) return {};
    return { virtual: { [this.options.bench]: this.figures } as Omit<VirtualFigures, 'costs'> };
  }

  get figures(): WorkFigures {
    const { rounds, pages } = this.options;
    return { rounds, pages, cells: this.plan.flatMap((_, i) => this.done.get(i) ?? []) };
  }

  async run(): Promise<void> {
    const { seed, costs } = this.options;
    const tasks = this.plan.map(({ config }) => {
      return { machine: config.harts, run: { kind: 'work', ...config } as const, costs, seed };
    });
    await this.runs.all(tasks, (i, { operations, time: cycles }) => {
      const { variant, config } = this.plan[i]!;
      const throughput = (operations * MILLION) / cycles;
      this.done.set(i, { variant, work: config.work, harts: config.harts, operations, cycles, throughput });
    });
  }

  stop(): void {
    this.runs.stop();
  }

  async close(): Promise<void> {
    await this.runs.close();
  }
}
