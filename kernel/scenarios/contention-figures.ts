import type { Acquisition } from './contention.js';

/** Cycles, over some acquisitions: by nearest rank, so that each is one that was there. */
export interface Distribution {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** How many waits took `from` cycles at least, and less than the next bucket's; powers of two, after a bucket for those that took none. */
export interface WaitBucket {
  readonly from: number;
  readonly count: number;
}

export interface HartFigures {
  readonly hart: number;
  readonly acquisitions: number;
  /** Null for a hart that never got the lock. */
  readonly wait: Distribution | null;
  readonly hold: Distribution | null;
}

/** How a lock did under contention. */
export interface ContentionFigures {
  readonly acquisitions: number;
  readonly cycles: number;
  /** Acquisitions per million cycles. */
  readonly throughput: number;
  /** Most by fewest acquisitions of a hart; null when a hart had none. */
  readonly fairness: number | null;
  readonly wait: Distribution;
  /** All waits, from the shortest bucket that there is one in to the longest. */
  readonly waits: readonly WaitBucket[];
  readonly hold: Distribution;
  /** Acquisitions after which the lock was another hart's than before. */
  readonly bounces: number;
  /** By how much the numbers of two harts differ, on average, when the lock goes from one to the other; null when it never does. */
  readonly distance: number | null;
  readonly byHart: readonly HartFigures[];
}

const MILLION = 1_000_000;

/**
 * @param acquisitions in order; the first only says where the measured time begins, and who had the lock before
 * Throws Error when two harts held the lock at once.
 */
export function contentionFigures(acquisitions: readonly Acquisition[], harts: number): ContentionFigures {
  const [before, ...measured] = acquisitions;
  const last = measured.at(-1);
  if (before === undefined || last === undefined) throw new RangeError('there is nothing to measure');
  const distances = measured.map(({ hart, taken }, i) => {
    const previous = acquisitions[i]!;
    if (taken < previous.released)
      throw new Error(`harts ${previous.hart} and ${hart} held the lock at once, from cycle ${taken} on`);
    return Math.abs(hart - previous.hart);
  });
  const moves = distances.filter((distance) => distance > 0);
  const byHart = Array.from({ length: harts }, (_, hart) => hartFigures(hart, measured));
  const counts = byHart.map((one) => one.acquisitions);
  const cycles = last.released - before.released;
  const fewest = Math.min(...counts);
  return {
    acquisitions: measured.length,
    cycles,
    throughput: (measured.length * MILLION) / cycles,
    fairness: fewest === 0 ? null : Math.max(...counts) / fewest,
    wait: distribution(measured.map(waitOf)),
    waits: histogram(measured.map(waitOf)),
    hold: distribution(measured.map(holdOf)),
    bounces: moves.length,
    distance: moves.length === 0 ? null : moves.reduce((sum, distance) => sum + distance, 0) / moves.length,
    byHart,
  };
}

function hartFigures(hart: number, measured: readonly Acquisition[]): HartFigures {
  const own = measured.filter((one) => one.hart === hart);
  const has = own.length > 0;
  return {
    hart,
    acquisitions: own.length,
    wait: has ? distribution(own.map(waitOf)) : null,
    hold: has ? distribution(own.map(holdOf)) : null,
  };
}

const waitOf = ({ wanted, taken }: Acquisition) => taken - wanted;
const holdOf = ({ taken, released }: Acquisition) => released - taken;

/** @param values at least one */
function distribution(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = (percent: number) => sorted[Math.ceil((sorted.length * percent) / 100) - 1]!;
  return { p50: rank(50), p99: rank(99), max: rank(100) };
}

/** @param values at least one */
function histogram(values: readonly number[]): WaitBucket[] {
  const buckets = values.map(bucketOf);
  const first = Math.min(...buckets);
  return Array.from({ length: Math.max(...buckets) - first + 1 }, (_, i) => {
    const bucket = first + i;
    return { from: bucket === 0 ? 0 : 2 ** (bucket - 1), count: buckets.filter((one) => one === bucket).length };
  });
}

/** How many binary digits the value has. */
function bucketOf(value: number): number {
  let bucket = 0;
  while (2 ** bucket <= value) bucket++;
  return bucket;
}
