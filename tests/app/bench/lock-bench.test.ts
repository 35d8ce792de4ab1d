import { Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, it } from 'vitest';
import { LOCK_BENCH_DEFAULTS } from '../../../src/app/bench/lock-bench.js';
import type { LockCell, LockTimeline } from '../../../src/app/bench/result.js';
import { isLongForm } from '../../support/long-form.js';
import { cellsOf, figuresOf, Orderings } from './contended-cells.js';

const workload = { ...LOCK_BENCH_DEFAULTS.workload, acquisitions: 2 };
const locks = ['test-and-set', 'ticket', 'mcs', 'clh'];
let cells: readonly LockCell[];
let timelines: readonly LockTimeline[];
let all: Orderings;
beforeAll(async () => {
  ({ cells, timelines } = await figuresOf({ harts: [1, 3, 4, 8, 16], locks, workload }));
  all = new Orderings(cells);
});

describe('figures of virtual time', () => {
  it.runIf(isLongForm)('are the same on a machine with fewer harts, which has to share the cores', async () => {
    const busy = [new Worker('for (;;);', { eval: true }), new Worker('for (;;);', { eval: true })];
    const beside = await figuresOf({ harts: [1, 3], locks, workload });
    await Promise.all(busy.map((worker) => worker.terminate()));
    expect(beside.cells).toHaveLength(2 * locks.length);
    expect(beside.cells).toEqual(cells.filter(({ harts }) => harts <= 3));
    expect(beside.timelines).toEqual(timelines.filter(({ harts }) => harts <= 3));
  });

  it('are the same to the digit on two runs, by every lock', async () => {
    const [first, second] = [await cellsOf({ harts: [3], workload }), await cellsOf({ harts: [3], workload })];
    expect(first).toHaveLength(LOCK_BENCH_DEFAULTS.locks.length);
    expect(second).toEqual(first);
  });

  it('follow the costs', async () => {
    const costs = { ...LOCK_BENCH_DEFAULTS.costs, transfer: 400, share: 330 };
    for (const { lock, harts, throughput } of await cellsOf({ harts: [3], locks, workload, costs }))
      expect(throughput, lock).toBeLessThan(all.throughput(lock, harts));
  });
});

describe('the timeline of a run', () => {
  it('has one holder at a time, and each hart does one thing after the other', () => {
    for (const { lock, harts, intervals, cycles } of timelines) {
      let free = 0;
      for (const { taken, released } of intervals.filter((one) => one.released !== null)) {
        expect(taken!, lock).toBeGreaterThanOrEqual(free);
        free = released!;
      }
      expect(free).toBe(cycles);
      for (let hart = 0; hart < harts; hart += 1) {
        const own = intervals.filter((one) => one.hart === hart);
        for (const [i, { wanted, taken }] of own.entries()) {
          if (i > 0) expect(wanted, lock).toBeGreaterThan(own[i - 1]!.released!);
          if (taken !== null) expect(taken, lock).toBeGreaterThan(wanted);
        }
      }
    }
  });

  it('tells of the waits and holds that the figures are made of', () => {
    for (const [i, figures] of cells.entries()) {
      const timeline = timelines[i]!;
      expect(timeline).toMatchObject({ lock: figures.lock, harts: figures.harts });
      const held = timeline.intervals.filter(({ released }) => released !== null);
      expect(held).toHaveLength(figures.acquisitions);
      expect(Math.max(...held.map(({ wanted, taken }) => taken! - wanted))).toBe(figures.wait.max);
      expect(Math.max(...held.map(({ taken, released }) => released! - taken!))).toBe(figures.hold.max);
      expect(timeline.cycles).toBe(figures.cycles);
    }
  });

  it('shows every hart wait at its end, where there are many and the lock is slow', () => {
    const { intervals } = timelines.find(({ lock, harts }) => lock === 'test-and-set' && harts === 16)!;
    const waiting = intervals.filter(({ taken }) => taken === null).map(({ hart }) => hart);
    expect(new Set(waiting).size).toBe(waiting.length);
    expect(waiting.length).toBeGreaterThan(12);
  });
});

/** With the numbers of harts that the textbooks have: the long form. */
describe('locks under contention by up to 16 harts, as the textbooks have it', () => {
  it('one hart alone finds them about as fast', () => {
    const alone = locks.map((lock) => all.throughput(lock, 1));
    expect(Math.max(...alone) / Math.min(...alone)).toBeLessThan(1.1);
  });

  it('test-and-set collapses: with 16 harts it does less than 0.4 of what one hart does', () => {
    expect(all.throughput('test-and-set', 16)).toBeLessThan(0.4 * all.throughput('test-and-set', 1));
  });

  it('ticket is fair', () => {
    for (const harts of [4, 8, 16]) expect(all.figures('ticket', harts).fairness, `${harts}`).toBeLessThanOrEqual(1.5);
    expect(all.figures('test-and-set', 16).fairness ?? Number.POSITIVE_INFINITY).toBeGreaterThan(3);
  });

  it('ticket collapses in proportion to the waiters', () => {
    const ratio = all.cyclesPerWaiter('ticket', 8, 16) / all.cyclesPerWaiter('ticket', 4, 8);
    expect(ratio).toBeGreaterThan(0.8);
    expect(ratio).toBeLessThan(1.5);
  });

  it.each(['mcs', 'clh'])('%s stays flat, and does at least 2.5 times what ticket does with 16 harts', (lock) => {
    expect(all.throughput(lock, 16)).toBeGreaterThan(0.95 * all.throughput(lock, 4));
    expect(all.throughput(lock, 16)).toBeGreaterThan(2.5 * all.throughput('ticket', 16));
    expect(all.figures(lock, 16).fairness).toBeLessThanOrEqual(1.5);
  });
});
