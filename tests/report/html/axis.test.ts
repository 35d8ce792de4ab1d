import { describe, expect, it } from 'vitest';
import { apart, labelledCounts, labelledSteps, roundSteps, short } from '../../../src/report/html/axis.js';

describe('steps of an axis', () => {
  it('go from below the least to above the most figure, by 1, 2 and 5', () => {
    expect(roundSteps(68.8, 1022)).toEqual([50, 100, 200, 500, 1000, 2000]);
    expect(roundSteps(0.1, 0.9)).toEqual([0.1, 0.2, 0.5, 1]);
    expect(roundSteps(1, 10)).toEqual([1, 2, 5, 10]);
  });
  it('are finer where figures are close together', () => {
    expect(roundSteps(31, 44)).toEqual([30, 40, 50]);
    expect(roundSteps(0.3, 0.9)).toEqual([0.3, 0.4, 0.5, 0.6, 0.8, 1]);
    expect(roundSteps(1000, 1000)).toEqual([800, 1000, 1500]);
  });
  it('all have a label while there are few; then decades only', () => {
    expect(labelledSteps([50, 100, 200, 500, 1000])).toEqual([50, 100, 200, 500, 1000]);
    expect(labelledSteps(roundSteps(25, 4_000_000))).toEqual([100, 1000, 10_000, 100_000, 1_000_000]);
  });
  it('are written shortly', () => {
    expect([0.5, 20, 1000, 1500, 200_000, 1_000_000, 2_500_000].map(short)).toEqual([
      '0.5',
      '20',
      '1k',
      '1.5k',
      '200k',
      '1M',
      '2.5M',
    ]);
  });
  it('of harts are those that were run; of many, the powers of two', () => {
    expect(labelledCounts([1, 3, 6, 64])).toEqual([1, 3, 6, 64]);
    expect(labelledCounts(Array.from({ length: 64 }, (_, i) => i + 1))).toEqual([1, 2, 4, 8, 16, 32, 64]);
  });
});

describe('labels that would lie on one another', () => {
  it('are moved apart, keep their order and stay within bounds', () => {
    expect(apart([10, 50], 14, 100)).toEqual([10, 50]);
    expect(apart([12, 10, 11], 14, 100)).toEqual([38, 10, 24]);
    expect(apart([99, 98], 14, 100)).toEqual([100, 86]);
  });
});
