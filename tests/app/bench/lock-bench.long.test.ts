import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCK_BENCH_DEFAULTS } from '../../../src/app/bench/lock-bench.js';
import { cellsOf, Orderings } from './contended-cells.js';

describe('figures of virtual time', () => {
  it('are the same to the digit on two runs, one of which has to share the cores', async () => {
    const harts = [1, 3, 8];
    const alone = await cellsOf({ harts });
    const busy = [new Worker('for (;;);', { eval: true }), new Worker('for (;;);', { eval: true })];
    const beside = await cellsOf({ harts });
    await Promise.all(busy.map((worker) => worker.terminate()));
    expect(alone).toHaveLength(LOCK_BENCH_DEFAULTS.locks.length * harts.length);
    expect(beside).toEqual(alone);
  });

  it('follow the costs', async () => {
    const far = { ...LOCK_BENCH_DEFAULTS.costs, transfer: 400, share: 330 };
    const [near, apart] = [await cellsOf({ harts: [4] }), await cellsOf({ harts: [4], costs: far })];
    for (const [i, { throughput, lock }] of near.entries()) expect(apart[i]!.throughput, lock).toBeLessThan(throughput);
  });
});

describe('locks under contention by up to 64 harts, as the textbooks have it', () => {
  const locks = ['test-and-set', 'ticket', 'mcs', 'clh'];
  const workload = { ...LOCK_BENCH_DEFAULTS.workload, acquisitions: 4 };
  let all: Orderings;
  beforeAll(async () => {
    all = new Orderings(await cellsOf({ harts: [1, 4, 16, 32, 64], locks, workload }));
  });

  it('one hart alone finds them about as fast', () => {
    const alone = locks.map((lock) => all.throughput(lock, 1));
    expect(Math.max(...alone) / Math.min(...alone)).toBeLessThan(1.1);
  });

  it('test-and-set collapses: with 64 harts it does less than a tenth of what one hart does', () => {
    expect(all.throughput('test-and-set', 64)).toBeLessThan(all.throughput('test-and-set', 1) / 10);
  });

  it('ticket is fair', () => {
    for (const harts of [4, 16, 32, 64])
      expect(all.figures('ticket', harts).fairness, `${harts}`).toBeLessThanOrEqual(1.5);
    expect(all.figures('test-and-set', 64).fairness ?? Number.POSITIVE_INFINITY).toBeGreaterThan(3);
  });

  it('ticket collapses in proportion to the waiters', () => {
    const ratio = all.cyclesPerWaiter('ticket', 32, 64) / all.cyclesPerWaiter('ticket', 16, 32);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.25);
  });

  it.each(['mcs', 'clh'])('%s stays flat, and does at least 3.5 times what ticket does with 64 harts', (lock) => {
    expect(all.throughput(lock, 64)).toBeGreaterThan(0.95 * all.throughput(lock, 16));
    expect(all.throughput(lock, 64)).toBeGreaterThan(3.5 * all.throughput('ticket', 64));
    expect(all.figures(lock, 64).fairness).toBeLessThanOrEqual(1.5);
  });
});
