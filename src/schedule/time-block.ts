import { MAX_HARTS } from '../memory/map.js';
import { alignUp, array, struct, u32, u64 } from '../memory/struct.js';
import { cacheLine } from './coherence.js';
import { COST_NAMES } from './time-costs.js';

/** What a hart does in virtual time. Those below `Spinning` have something to do at the time that their clock says. */
export const Doing = {
  /** It runs. */
  Runs: 0,
  /** It is about to look at the words it waits for, and will spin if none has changed. */
  Looks: 1,
  /** The same, but it will sleep. */
  LooksOnce: 2,
  /** It has the lines of its words in its cache, and looks again when one of them is written. */
  Spinning: 3,
  /** It sleeps until somebody wakes it. */
  Asleep: 4,
  Finished: 5,
} as const;
export type Doing = (typeof Doing)[keyof typeof Doing];

/** Instead of a line: the words that the hart waits for lie in more than one. */
export const SEVERAL_LINES = 0xffff_ffff;

export const hartTime = struct('hartTime', {
  /** Cycles since the run began: how far the hart has come. */
  clock: u64,
  /** A `Doing`. */
  doing: u32,
  /** The line of the words it waits for. */
  line: u32,
  /** Among harts with the same clock, the lowest goes first; 0 for all but those who spin and look again. */
  rank: u32,
});

/** Only the hart that has the turn touches it, as all of the schedule's region. */
export const virtualTime = struct('virtualTime', {
  /** Writes so far that made spinning harts look again: each draws the order in which they do. */
  drawn: u32,
  costs: array(u32, COST_NAMES.length),
  harts: array(hartTime, MAX_HARTS),
});
/** Where the table of cache lines begins in the region. */
export const LINE_TABLE = alignUp(virtualTime.size, 64);

/** Bytes of the region in which virtual time lies, with room for so many lines, a power of two; none: it keeps no time. */
export function virtualTimeSize(lines: number): number {
  if (lines === 0) return 0;
  if (!Number.isInteger(Math.log2(lines))) throw new RangeError(`lines must be a power of two, not ${lines}`);
  return LINE_TABLE + lines * cacheLine.size;
}
