import type { Acquisition } from './contention.js';

/** Cycles, over some acquisitions: by nearest rank, so that each is one that was there. */
export interface Distribution {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
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
