import type { ContentionRecord } from './contention.js';

/** A hart and the lock, in cycles since the measured time began. What comes after the end of the timeline is null. */
export interface LockInterval {
  readonly hart: number;
  /** When it began to try: negative for one that was waiting when the measured time began. */
  readonly wanted: number;
  readonly taken: number | null;
  readonly released: number | null;
}

/** Who held the lock and who waited for it, at the beginning of the measured time. */
export interface ContentionTimeline {
  /** Until the last of the acquisitions that it shows is over. */
  readonly cycles: number;
  /** In the order of acquisitions; those that were waited for at the end come last. */
  readonly intervals: readonly LockInterval[];
}

/** Acquisitions that a timeline shows: every one of the most harts has its turn where the lock is fair. */
export const TIMELINE_ACQUISITIONS = 96;

/** @param most acquisitions, or as many as there are */
export function contentionTimeline(
  { acquisitions, after }: ContentionRecord,
  most = TIMELINE_ACQUISITIONS,
): ContentionTimeline {
  const [before, ...measured] = acquisitions;
  const last = measured[Math.min(most, measured.length) - 1];
  if (before === undefined || last === undefined) throw new RangeError('there is nothing to show');
  const begin = before.released;
  const end = last.released;
  const until = (cycle: number) => (cycle > end ? null : cycle - begin);
  const seen = [...measured, ...after].filter(({ wanted }) => wanted < end);
  return {
    cycles: end - begin,
    intervals: seen.map(({ hart, wanted, taken, released }) => {
      return { hart, wanted: wanted - begin, taken: until(taken), released: until(released) };
    }),
  };
}
