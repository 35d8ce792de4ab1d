import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCK_BENCH_DEFAULTS, LockBench, type LockBenchCell, type LockBenchOptions } from '../../src/app/lock-bench.js';

async function cells(options: Partial<LockBenchOptions>): Promise<readonly LockBenchCell[]> {
  const bench = new LockBench({ ...LOCK_BENCH_DEFAULTS, ...options });
  await bench.run();
  await bench.close();
  return bench.cells;
}

const virtual = (all: readonly LockBenchCell[]) => all.map(({ lock, harts, figures }) => ({ lock, harts, figures }));

describe('figures of virtual time', () => {
  it('are the same to the digit on two runs, one of which has to share the cores', async () => {
    const harts = [1, 3, 8];
    const alone = await cells({ harts });
    const busy = [new Worker('for (;;);', { eval: true }), new Worker('for (;;);', { eval: true })];
    const beside = await cells({ harts });
    await Promise.all(busy.map((worker) => worker.terminate()));
    expect(alone).toHaveLength(LOCK_BENCH_DEFAULTS.locks.length * harts.length);
    expect(virtual(beside)).toEqual(virtual(alone));
  });

  it('are the same on a machine that has more harts than take part', async () => {
    const few = await cells({ harts: [2], locks: ['ticket', 'clh'] });
    const more = await cells({ harts: [2, 5], locks: ['ticket', 'clh'] });
    expect(virtual(more).slice(0, 2)).toEqual(virtual(few));
  });

  it('follow the costs', async () => {
    const far = { ...LOCK_BENCH_DEFAULTS.costs, transfer: 400, share: 330 };
    const [near, apart] = [await cells({ harts: [4] }), await cells({ harts: [4], costs: far })];
    for (const [i, { figures, lock }] of near.entries())
      expect(apart[i]!.figures.throughput, lock).toBeLessThan(figures.throughput);
  });
});

describe('locks under contention, as the textbooks have it', () => {
  const workload = { ...LOCK_BENCH_DEFAULTS.workload, acquisitions: 4 };
  let all: readonly LockBenchCell[];
  beforeAll(async () => {
    all = await cells({ harts: [1, 4, 16, 32, 64], locks: ['test-and-set', 'ticket', 'mcs', 'clh'], workload });
  });
  const figures = (lock: string, harts: number) =>
    all.find((cell) => cell.lock === lock && cell.harts === harts)!.figures;
  const throughput = (lock: string, harts: number) => figures(lock, harts).throughput;

  it('one hart alone finds them about as fast', () => {
    const alone = ['test-and-set', 'ticket', 'mcs', 'clh'].map((lock) => throughput(lock, 1));
    expect(Math.max(...alone) / Math.min(...alone)).toBeLessThan(1.1);
  });

  it('test-and-set collapses: with 64 harts it does less than a tenth of what one hart does', () => {
    expect(throughput('test-and-set', 64)).toBeLessThan(throughput('test-and-set', 1) / 10);
  });

  it('ticket is fair', () => {
    for (const harts of [4, 16, 32, 64]) expect(figures('ticket', harts).fairness, `${harts}`).toBeLessThanOrEqual(1.5);
    expect(figures('test-and-set', 64).fairness ?? Number.POSITIVE_INFINITY).toBeGreaterThan(3);
  });

  it('ticket collapses in proportion to the waiters', () => {
    const cyclesEach = (harts: number) => 1_000_000 / throughput('ticket', harts);
    const perWaiter = (few: number, many: number) => (cyclesEach(many) - cyclesEach(few)) / (many - few);
    expect(perWaiter(32, 64) / perWaiter(16, 32)).toBeGreaterThan(0.8);
    expect(perWaiter(32, 64) / perWaiter(16, 32)).toBeLessThan(1.25);
  });

  it.each(['mcs', 'clh'])('%s stays flat, and does at least 3.5 times what ticket does with 64 harts', (lock) => {
    expect(throughput(lock, 64)).toBeGreaterThan(0.95 * throughput(lock, 16));
    expect(throughput(lock, 64)).toBeGreaterThan(3.5 * throughput('ticket', 64));
    expect(figures(lock, 64).fairness).toBeLessThanOrEqual(1.5);
  });
});
