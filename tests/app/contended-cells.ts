import { LOCK_BENCH_DEFAULTS, LockBench, type LockBenchCell, type LockBenchOptions } from '../../src/app/lock-bench.js';

export async function cellsOf(options: Partial<LockBenchOptions>): Promise<readonly LockBenchCell[]> {
  const bench = new LockBench({ ...LOCK_BENCH_DEFAULTS, ...options });
  await bench.run();
  await bench.close();
  return bench.cells;
}

/** Without what depends on the host. */
export function virtual(cells: readonly LockBenchCell[]) {
  return cells.map(({ lock, harts, figures, timeline }) => ({ lock, harts, figures, timeline }));
}

/** What the orderings of the textbooks are about. */
export class Orderings {
  constructor(private readonly cells: readonly LockBenchCell[]) {}

  figures(lock: string, harts: number) {
    return this.cells.find((cell) => cell.lock === lock && cell.harts === harts)!.figures;
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
