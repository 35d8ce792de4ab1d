import { describe, expect, it } from 'vitest';
import type { Acquisition } from '../../../kernel/scenarios/contention.js';
import { contentionFigures } from '../../../kernel/scenarios/contention-figures.js';

const acquisition = (hart: number, wanted: number, taken: number, released: number): Acquisition => {
  return { hart, wanted, taken, released };
};

/** Hart 3 had the lock before; then harts 0, 0, 2 and 0. */
const before = acquisition(3, 0, 10, 100);
const measured = [
  acquisition(0, 50, 110, 120),
  acquisition(0, 130, 135, 150),
  acquisition(2, 100, 160, 180),
  acquisition(0, 160, 190, 300),
];

describe('figures of a lock under contention', () => {
  it('are those of the measured time, which begins when the acquisition before it ends', () => {
    expect(contentionFigures([before, ...measured], 4)).toMatchObject({
      acquisitions: 4,
      cycles: 200,
      throughput: 20_000,
      wait: { p50: 30, p99: 60, max: 60 },
      hold: { p50: 15, p99: 110, max: 110 },
      bounces: 3,
      distance: (3 + 2 + 2) / 3,
    });
  });

  it('count waits by powers of two', () => {
    const waits = [0, 5, 60, 30, 31].map((wait, i) => acquisition(0, 1000 * i - wait, 1000 * i, 1000 * i + 1));
    expect(contentionFigures([{ ...before, released: -1 }, ...waits], 1).waits).toEqual([
      { from: 0, count: 1 },
      { from: 1, count: 0 },
      { from: 2, count: 0 },
      { from: 4, count: 1 },
      { from: 8, count: 0 },
      { from: 16, count: 2 },
      { from: 32, count: 1 },
    ]);
  });

  it('count by hart, and a hart that never got the lock leaves no fairness', () => {
    const { byHart, fairness } = contentionFigures([before, ...measured], 3);
    expect(byHart.map(({ acquisitions }) => acquisitions)).toEqual([3, 0, 1]);
    expect(byHart[0]!.wait).toEqual({ p50: 30, p99: 60, max: 60 });
    expect(byHart[1]!.wait).toBeNull();
    expect(fairness).toBeNull();
  });

  it('say how much more the luckiest hart got than the least lucky', () => {
    const both = [...measured, acquisition(1, 0, 310, 320)];
    expect(contentionFigures([before, ...both.filter(({ hart }) => hart < 2)], 2).fairness).toBe(3);
  });

  it('have no distance where the lock stays with one hart', () => {
    const one = [acquisition(0, 0, 1, 2), acquisition(0, 3, 4, 5)];
    expect(contentionFigures(one, 1)).toMatchObject({ bounces: 0, distance: null, fairness: 1 });
  });

  it('are refused of a lock that let two harts in', () => {
    expect(() => contentionFigures([before, acquisition(0, 50, 99, 120)], 4)).toThrow(
      'harts 3 and 0 held the lock at once, from cycle 99 on',
    );
  });
});
