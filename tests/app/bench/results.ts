import { BENCH_FORMAT, type BenchResult, type LockCell, type MeasuredRow } from '../../../src/app/bench/result.js';
import { spreadOf } from '../../../src/report/spread.js';
import { DEFAULT_COSTS } from '../../../src/schedule/time-costs.js';

const distribution = { p50: 10, p99: 20, max: 30 };

/** A lock's cell with this throughput, and nothing to be said of the rest. */
export function lockCell(lock: string, harts: number, throughput: number): LockCell {
  return {
    ...{ lock, harts, throughput, acquisitions: 8, cycles: 1000, fairness: 1, wait: distribution, waits: [] },
    ...{ hold: distribution, bounces: 0, distance: null, byHart: [] },
  };
}

export function measuredRow(bench: string, what: string, harts: number, values: readonly number[]): MeasuredRow {
  return { bench, what, harts, unit: 'acquisitions/s', ...spreadOf(values) };
}

/** A whole result, made by hand. */
export function benchResult(cells: readonly LockCell[], rows: readonly MeasuredRow[] = []): BenchResult {
  const workload = { acquisitions: 8, inside: 100, outside: 1000, seed: 1 };
  return {
    ...{ format: BENCH_FORMAT, version: '0.0.0', interrupted: false },
    virtual: { costs: DEFAULT_COSTS, locks: { workload, cells, timelines: [] } },
    measured: {
      host: { node: 'v20', processor: 'one', cores: 2 },
      ...{ seconds: 1, nanosecondsPerCycle: null, rows, model: [] },
    },
  };
}
