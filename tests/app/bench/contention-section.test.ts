import { describe, expect, it } from 'vitest';
import { contentionSection } from '../../../src/app/bench/contention-section.js';
import { LOCK_BENCH_DEFAULTS } from '../../../src/app/bench/lock-bench.js';
import type { LockCell } from '../../../src/app/bench/result.js';

function cell(lock: string, harts: number, throughput: number, fairness: number | null): LockCell {
  const times = { p50: 10 * harts, p99: 20 * harts, max: 30 * harts };
  return {
    lock,
    harts,
    acquisitions: 8,
    cycles: 800,
    throughput,
    fairness,
    wait: times,
    waits: [],
    hold: times,
    bounces: 1,
    distance: 1,
    byHart: [],
  };
}

const section = (cells: readonly LockCell[]) =>
  contentionSection({
    workload: LOCK_BENCH_DEFAULTS.workload,
    cells,
    timelines: cells.map(({ lock, harts }) => {
      return { lock, harts, cycles: 2, intervals: [{ hart: 0, wanted: 0, taken: 1, released: 2 }] };
    }),
  });
const saysOf = (cells: readonly LockCell[]) => section(cells).findings.map(({ text }) => text);

describe('what the page says of a lock', () => {
  it('is that it collapses, and how much each hart adds', () => {
    const [says] = saysOf([
      cell('ticket', 1, 800, 1),
      cell('ticket', 2, 1000, 1.3),
      cell('ticket', 4, 500, 1),
      cell('ticket', 8, 250, 1),
    ]);
    // 4000 and 2000 cycles each, four harts apart.
    expect(says).toContain(
      'Collapses: with 8 harts it does 25 % of its best, 1,000 with 2 harts; from 4 to 8, every further hart adds 500 cycles to each acquisition.',
    );
    expect(says).toMatch(/^draws a number .* Fair: of 8 harts, the luckiest got it 1\.0 times as often/);
  });

  it('is that it stays flat', () => {
    const [says] = saysOf([cell('mcs', 1, 1000, 1), cell('mcs', 64, 810, 1.5)]);
    expect(says).toContain('Stays flat: with 64 harts it does 81 % of its best, 1,000 with 1 hart. Fair: ');
    expect(saysOf([cell('mcs', 1, 1000, 1), cell('mcs', 64, 790, 1)])[0]).toContain('Collapses: ');
  });

  it('is that it is unfair, or starves a hart', () => {
    const unfair = (fairness: number | null) => saysOf([cell('mcs', 1, 1, 1), cell('mcs', 4, 1, fairness)])[0];
    expect(unfair(1.6)).toContain('Unfair: of 4 harts, the luckiest got it 1.6 times as often as the least lucky.');
    expect(unfair(null)).toContain('Unfair: a hart of 4 never got it.');
  });

  it('compares nothing where there is one number of harts', () => {
    const [says] = saysOf([cell('clh', 1, 847, 1)]);
    expect(says).toMatch(/ 847 acquisitions per million cycles with 1 hart\. *$/);
  });
});

describe('the charts of locks', () => {
  const { main, others, timelines } = section([
    cell('mcs', 8, 900, null),
    cell('clh', 1, 700, 1),
    cell('mcs', 1, 800, 1),
  ]);

  it('have the locks in the order of the bench, and harts in order', () => {
    expect(main.series).toEqual([
      {
        name: 'mcs',
        points: [
          { harts: 1, value: 800 },
          { harts: 8, value: 900 },
        ],
      },
      { name: 'clh', points: [{ harts: 1, value: 700 }] },
    ]);
  });

  it('are throughput, three of waits, and fairness', () => {
    expect(others.map(({ id }) => id)).toEqual(['wait-p50', 'wait-p99', 'wait-max', 'fairness']);
    expect(others.map(({ series }) => series[0]!.points.at(-1)!.value)).toEqual([80, 160, 240, null]);
  });

  it('come with the timeline of every run', () => {
    expect(timelines?.of.map(({ title }) => title)).toEqual(['mcs, 8 harts', 'clh, 1 hart', 'mcs, 1 hart']);
    expect(new Set(timelines?.of.map(({ id }) => id)).size).toBe(3);
  });
});
