import type { DirectAccess } from '../memory/direct-access.js';
import { struct, u32, u64 } from '../memory/struct.js';

/** Bytes of a cache line, the unit in which caches hold memory. */
export const LINE_SIZE = 64;

/** What an access costs by what the caches hold, in cycles. */
export interface CoherenceCosts {
  /** A line that the hart's own cache holds: to read it, or to write it while no other cache does. */
  readonly hit: number;
  /** To read a line that other caches have only read. */
  readonly share: number;
  /** To read or write a line that another cache has for itself: it may have been changed there. */
  readonly transfer: number;
  /** To write a line that caches share: the other copies end. */
  readonly upgrade: number;
  /** A line that no cache holds. */
  readonly memory: number;
  /** For a read-modify-write, beside what the line costs. */
  readonly atomic: number;
  /** No cycles: how many misses of one access of many lines are under way at once, so that each but the first takes this part of the time. */
  readonly overlap: number;
}

export type AccessMode = 'read' | 'write' | 'update';

/**
 * A line as the caches of all harts have it (MESI; modified and exclusive are one state here, as they cost the same):
 * nobody holds it, one holds it for itself, or some share it.
 */
export const cacheLine = struct('cacheLine', {
  /** 1 + number of the line, from address 0; 0: the place is free. */
  tag: u32,
  /** Bit h: the cache of hart h holds it. */
  holdersLow: u32,
  holdersHigh: u32,
  /** 1: its one holder may write it without asking anybody. */
  exclusive: u32,
  /** When the last transfer of it is over. */
  busyUntil: u64,
});

const { tag, holdersLow, holdersHigh, exclusive, busyUntil } = cacheLine.fields;

/**
 * Caches of all harts as a directory keeps them: infinite, so that a line leaves one only because another hart wants it.
 *
 * A line is a resource. Whatever moves it or ends copies of it (all but a hit) begins when the move under way has ended,
 * so that harts which want the same line at the same time get it one after the other. That is what makes a lock whose
 * waiters all watch one word slower with each of them (Boyd-Wickizer, Kaashoek, Morris and Zeldovich, "Non-scalable locks
 * are dangerous", OLS 2012: the directory answers requests for a line one at a time). Requests must come in order of time.
 *
 * What it leaves out: how far apart harts are, store buffers (a hart waits for its own store), and that misses of different
 * accesses of one hart may overlap. Those of one bulk access do.
 *
 * Lines lie in a hash table in shared memory, because whichever hart has the turn looks at them.
 */
export class Coherence {
  /**
   * @param at of the table, which is all zero when a run begins
   * @param places power of two
   */
  constructor(
    private readonly host: DirectAccess,
    private readonly at: number,
    private readonly places: number,
  ) {}

  /** When an access that begins at `now` is over, after which the caches are as it leaves them. */
  access(hart: number, address: number, bytes: number, mode: AccessMode, now: number, costs: CoherenceCosts): number {
    const first = lineOf(address);
    const last = lineOf(address + Math.max(bytes, 1) - 1);
    const writes = mode !== 'read';
    let time = this.touch(hart, first, writes, now, costs, 1);
    for (let line = first + 1; line <= last; line++) time = this.touch(hart, line, writes, time, costs, costs.overlap);
    return mode === 'update' ? time + costs.atomic : time;
  }

  /** @param share of a move: so many of them are under way at once */
  private touch(
    hart: number,
    line: number,
    writes: boolean,
    now: number,
    costs: CoherenceCosts,
    share: number,
  ): number {
    const { host } = this;
    const entry = this.find(line);
    const low = holdersLow.load(host, entry);
    const high = holdersHigh.load(host, entry);
    const isExclusive = exclusive.load(host, entry) === 1;
    const mine = (1 << (hart & 31)) >>> 0;
    const holds = ((hart < 32 ? low : high) & mine) !== 0;
    if (holds && (isExclusive || !writes)) return now + costs.hit;
    const isHeld = low !== 0 || high !== 0;
    const move = Math.ceil(costOfMove(isHeld, isExclusive, writes, costs) / share);
    const over = Math.max(now, busyUntil.load(host, entry)) + move;
    busyUntil.store(host, entry, over);
    const [otherLow, otherHigh] = writes ? [0, 0] : [low, high];
    holdersLow.store(host, entry, hart < 32 ? (otherLow | mine) >>> 0 : otherLow);
    holdersHigh.store(host, entry, hart < 32 ? otherHigh : (otherHigh | mine) >>> 0);
    exclusive.store(host, entry, writes || !isHeld ? 1 : 0);
    return over;
  }

  /** Address of the line's entry; it gets one the first time. Throws RangeError when the table is full. */
  private find(line: number): number {
    const { host, places } = this;
    // Fibonacci hashing: neighbouring lines lie far apart.
    let place = Math.imul(line, 0x9e37_79b9) >>> 0;
    for (let tries = 0; tries < places; tries++, place++) {
      const entry = this.at + (place & (places - 1)) * cacheLine.size;
      const found = tag.load(host, entry);
      if (found === line + 1) return entry;
      if (found === 0) {
        tag.store(host, entry, line + 1);
        return entry;
      }
    }
    throw new RangeError(`virtual time has room for ${places} cache lines, and the run uses more`);
  }
}

export function lineOf(address: number): number {
  return Math.floor(address / LINE_SIZE);
}

function costOfMove(isHeld: boolean, isExclusive: boolean, writes: boolean, costs: CoherenceCosts): number {
  if (!isHeld) return costs.memory;
  if (isExclusive) return costs.transfer;
  return writes ? costs.upgrade : costs.share;
}
