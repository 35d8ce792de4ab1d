import { LOCK_BENCH_DEFAULTS, LockBench, type LockBenchOptions } from '../../../src/app/bench/lock-bench.js';
import type { LockCell, LockFigures } from '../../../src/app/bench/result.js';

export async function cellsOf(options: Partial<LockBenchOptions>): Promise<readonly LockCell[]> {
  return (await figuresOf(options)).cells;
}

export async function figuresOf(options: Partial<LockBenchOptions>): Promise<LockFigures> {
  const bench = new LockBench({ ...LOCK_BENCH_DEFAULTS, ...options });
  await bench.run();
  await bench.close();
  return bench.figures;
}

/** What the orderings of the textbooks are about. */
export class Orderings {
  constructor(private readonly cells: readonly LockCell[]) {}

  figures(lock: string, harts: number) {
    return this.cells.find((cell) => cell.lock === lock && cell.harts === harts)!;
  }

  throughput(lock: string, harts: number): number {
    return this.figures(lock, harts).throughput;
  }

  /** By how many cycles each further hart, between two numbers of them, makes an acquisition longer. */
  cyclesPerWaiter(lock: string, few: number, many: number): number {
    const cyclesEach = (harts: number) => 1_000_000 / this.throughput(lock, harts);
    return (cyclesEach(many) - cyclesEach(few)) / (many - few);
  }
}
