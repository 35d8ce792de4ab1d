/**
 * Buckets for values over many orders of magnitude, an eighth of an octave wide: whatever stands in one is known to 12.5 %
 * (Tene's HdrHistogram divides in the same way).
 */
const PARTS_LOG2 = 3;
const PARTS = 1 << PARTS_LOG2;
/** Values from here on stand in the last bucket. */
const BEYOND_LOG2 = 32;

export const BUCKETS = PARTS + (BEYOND_LOG2 - PARTS_LOG2) * PARTS;

/** @param value a whole number, not negative */
export function bucketOf(value: number): number {
  if (value < PARTS) return value;
  if (value >= 2 ** BEYOND_LOG2) return BUCKETS - 1;
  const octave = 31 - Math.clz32(value) - PARTS_LOG2;
  return octave * PARTS + (value >>> octave);
}

/** The lowest value of a bucket; that of the one behind the last is where no bucket reaches. */
export function bucketStart(bucket: number): number {
  if (bucket < PARTS) return bucket;
  const octave = Math.floor(bucket / PARTS) - 1;
  return (PARTS + (bucket % PARTS)) * 2 ** octave;
}
