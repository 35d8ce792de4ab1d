import { describe, expect, it } from 'vitest';
import { shrink } from '../../src/schedule/shrink.js';

describe('shrink', () => {
  it('keeps exactly the entries that are needed together', () => {
    const entries = Array.from({ length: 100 }, (_, i) => i);
    const result = shrink(entries, (kept) => kept.includes(13) && kept.includes(77), 10_000);
    expect(result.kept).toEqual([13, 77]);
    expect(result.minimal).toBe(true);
  });

  it('finds that nothing is needed when the failure needs nothing', () => {
    expect(shrink([1, 2, 3], () => true, 100).kept).toEqual([]);
  });

  it('does not claim minimality when it ran out of trials', () => {
    const entries = Array.from({ length: 64 }, (_, i) => i);
    const result = shrink(entries, (kept) => entries.every((_, i) => i % 2 === 1 || kept.includes(i)), 10);
    expect(result.minimal).toBe(false);
    expect(result.trials).toBeLessThanOrEqual(10);
  });
});
