import { describe, expect, it } from 'vitest';
import { BUCKETS, bucketOf, bucketStart } from '../../../kernel/books/histogram.js';

/** Around every power of two below the open end, and a few in between. */
const values = Array.from({ length: 32 }, (_, log) => 2 ** log).flatMap((power) => [
  ...[power - 1, power, power + 1, Math.floor(power * 1.3), Math.floor(power * 1.7)],
]);

describe('buckets', () => {
  it('hold the values from their start to that of the next', () => {
    for (const value of values) {
      const bucket = bucketOf(value);
      expect(bucketStart(bucket)).toBeLessThanOrEqual(value);
      expect(bucketStart(bucket + 1)).toBeGreaterThan(value);
    }
  });
  it('are an eighth of what they hold wide at most', () => {
    for (let bucket = 1; bucket < BUCKETS; bucket++) {
      const width = bucketStart(bucket + 1) - bucketStart(bucket);
      expect(width).toBeLessThanOrEqual(Math.max(1, bucketStart(bucket) / 8));
    }
  });
  it('are a row without gaps, and the last has no end', () => {
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(2 ** 32 - 1)).toBe(BUCKETS - 1);
    expect(bucketOf(2 ** 40)).toBe(BUCKETS - 1);
    for (let bucket = 0; bucket < BUCKETS; bucket++) expect(bucketOf(bucketStart(bucket))).toBe(bucket);
  });
});
