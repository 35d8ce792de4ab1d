import { MAX_HARTS } from '../memory/map.js';
import { alignUp, array, struct, u32, u64 } from '../memory/struct.js';
import { cacheLine } from './coherence.js';
import { COST_NAMES } from './time-costs.js';

/** How a hart that cannot go on waits for its words to change. */
export const Wait = {
  /** It is about to look at the words, when its clock says. */
  Looking: 0,
  /** It has their lines in its cache, and looks again when one of those is written. */
  Spinning: 1,
  /** It sleeps until somebody wakes it. */
  Asleep: 2,
  /** It goes on, when its clock says. */
  Awake: 3,
} as const;

export const hartTime = struct('hartTime', {
  /** Cycles since the run began: how far the hart has come. */
  clock: u64,
  /** A `Wait`, of a hart whose state is `Blocked`. */
  wait: u32,
  /** 1: it sleeps if it finds the words as they were. */
  parks: u32,
});

/** Only the hart that has the turn touches it, as all of the schedule's region. */
export const virtualTime = struct('virtualTime', {
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
