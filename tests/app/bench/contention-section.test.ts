import { describe, expect, it } from 'vitest';
import { contentionSection } from '../../../src/app/bench/contention-section.js';
import { LOCK_BENCH_DEFAULTS } from '../../../src/app/bench/lock-bench.js';
import { lockExplanations } from '../../../src/app/bench/lock-explanation.js';
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
const saysOf = (cells: readonly LockCell[]) => section(cells).findings;

describe('what the page says of a lock', () => {
  it('is what its throughput does, and whether it is fair', () => {
    const cells = [
      cell('ticket', 2, 1000, 1.3),
      cell('ticket', 4, 500, 1.2),
      cell('mcs', 2, 900, 1),
      cell('mcs', 4, 900, 1.6),
    ];
    const [explained, other] = lockExplanations(cells);
    expect(saysOf(cells)).toEqual([
      `${explained}. Fair: of 4 harts, the luckiest got it 1.2 times as often as the least lucky.`,
      `${other}. Unfair: of 4 harts, the luckiest got it 1.6 times as often as the least lucky.`,
    ]);
    expect(explained).toMatch(/^ticket /);
  });

  it('is that it starves a hart', () => {
    expect(saysOf([cell('mcs', 4, 1, null)])[0]).toMatch(/ Unfair: a hart of 4 never got it\.$/);
  });

  it('is nothing of fairness where there is one hart', () => {
    expect(saysOf([cell('clh', 1, 847, 1)])[0]).not.toMatch(/fair/i);
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
