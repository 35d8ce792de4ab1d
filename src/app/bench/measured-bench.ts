import { spreadOf } from '../../report/spread.js';
import type { BenchPart, Findings } from './bench-part.js';
import type { MeasuredRow } from './result.js';

/** What one measurement came to. */
export interface Measured {
  readonly operations: number;
  readonly milliseconds: number;
}

/** One thing that is measured. */
export interface Case extends Pick<MeasuredRow, 'what' | 'harts'> {
  measure(): Promise<Measured>;
}

export interface MeasuredBenchOptions {
  readonly bench: string;
  /** What there are so many of in a second. */
  readonly unit: string;
  /** Of one operation, in units: 1e-6 where the unit is a million of them. */
  readonly scale?: number;
  readonly cases: readonly Case[];
  /** Each case is measured so many times, after one time that does not count; all of them in turn, so that a busy moment of the host hits all alike. */
  readonly repetitions: number;
  /** Gives back what the cases hold. */
  readonly close?: () => Promise<void>;
}

const MS = 1000;

/** A bench by a real clock. */
export class MeasuredBench implements BenchPart {
  readonly title: string;
  readonly count: number;
  completed = 0;
  private readonly speeds: readonly number[][];
  private isStopped = false;
  private isRunning = false;

  constructor(private readonly options: MeasuredBenchOptions) {
    const { bench, cases, repetitions } = options;
    this.title = `${bench}, measured`;
    this.count = cases.length * (repetitions + 1);
    this.speeds = cases.map(() => []);
  }

  /** Its first measurement brings up what it measures. */
  get isStarting(): boolean {
    return this.isRunning && this.completed < this.options.cases.length;
  }

  get findings(): Findings {
    const { bench, unit, cases } = this.options;
    return {
      rows: cases.flatMap(({ what, harts }, i) => {
        const values = this.speeds[i]!;
        return values.length === 0 ? [] : [{ bench, what, harts, unit, ...spreadOf(values) }];
      }),
    };
  }

  async run(): Promise<void> {
    // Only here: other commands start without it.
    const { Bench } = await import('tinybench');
    this.isRunning = true;
    for (let round = 0; round <= this.options.repetitions && !this.isStopped; round++) {
      const bench = new Bench({ iterations: 1, time: 0, warmup: false, throws: true });
      this.options.cases.forEach((one, i) => {
        bench.add(String(i), async () => ({ overriddenDuration: await this.measure(one, i, round > 0) }));
      });
      await bench.run();
    }
    this.isRunning = false;
  }

  stop(): void {
    this.isStopped = true;
  }

  async close(): Promise<void> {
    await this.options.close?.();
  }

  private async measure(one: Case, i: number, counts: boolean): Promise<number> {
    if (this.isStopped) return 0;
    const { operations, milliseconds } = await one.measure();
    const { scale = 1 } = this.options;
    if (counts) this.speeds[i]!.push((operations * scale * MS) / milliseconds);
    this.completed++;
    return milliseconds;
  }
}
