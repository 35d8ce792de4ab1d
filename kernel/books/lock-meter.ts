import type { SharedAccess } from '../../src/memory/access.js';
import { callerOf } from '../../src/memory/call-stack.js';
import type { LockListener } from '../locks/lock.js';
import { Spinlocks, spinlock } from '../locks/spinlock.js';
import { bucketOf } from './histogram.js';
import { CALL_SITES, callSite, HOLD, type LockstatBook, lockCounts, lockTimes, WAIT } from './lockstat-book.js';

const { note } = spinlock.fields;
const { acquisitions, contentions, acqBounces, conBounces, spins, distance } = lockCounts.fields;
const { total, least, most, buckets } = lockTimes.fields;

/** What a lock's `note` holds: the row of the lock plus one, and the hart that took it last, its number plus one. */
const LAST_BITS = 7;
const LAST = 2 ** LAST_BITS - 1;
const ROW = ~LAST;

/** Acquisitions until one is looked at where none is: a small integer to the engine. */
const NEVER = 2 ** 30 - 1;

/** An acquisition that is looked at closely, until the lock is let go. */
interface Followed {
  readonly lock: number;
  readonly since: number;
  /** Where its time is noted: a `waitAndHold` of its lock, and one of its call site. */
  readonly times: number;
  readonly siteTimes: number | undefined;
}

/** Writes down what one hart does with locks (lockstat). */
export class LockMeter implements LockListener {
  private readonly book: SharedAccess;
  private readonly me: number;
  private readonly sampling: number;
  private readonly random: () => number;
  /** Acquisitions until one is looked at closely. */
  private until: number;
  /** When the hart began to wait; undefined: it does not, or nobody measures. */
  private waitsSince: number | undefined;
  private readonly followed: Followed[] = [];
  /**
   * Times that are to be written down, each a `lockTimes` and what is added to it: when a lock is free again, so that nobody
   * waits for that.
   */
  private readonly unwritten: (readonly [times: number, exact: number])[] = [];
  private readonly siteOf = new Map<string, number>();
  /** Of the row plus one, its `lockCounts`: what every acquisition needs is to be known at once. */
  private readonly cells: readonly number[];

  /**
   * @param mem the kernel's own, for what the lock itself has
   * @param now time in the unit of the statistics, never going back
   */
  constructor(
    private readonly pages: LockstatBook,
    private readonly mem: SharedAccess,
    private readonly hart: number,
    private readonly now: () => number,
  ) {
    this.book = pages.mem;
    this.me = hart + 1;
    this.sampling = pages.choice.sampling;
    this.cells = [0, ...pages.nameOf.map((_, row) => pages.counts(hart, row))];
    this.random = randomNumbers(hart);
    this.until = this.interval();
  }

  contended(lock: number): void {
    this.pages.beginWait(this.hart, lock);
    if (this.sampling > 0) this.waitsSince = this.now();
  }

  /** What every acquisition costs: few instructions, and no line of memory that the hart has not got already. */
  taken(lock: number, looks: number): void {
    const before = this.mem.stamp32(lock + note.offset, ROW, this.me);
    let row = before >>> LAST_BITS;
    // Beyond: what a kernel that is not sound takes for a lock.
    if (row === 0 || row >= this.cells.length) row = this.firstTaken(lock);
    const cell = this.cells[row]!;
    this.book.count64(cell + acquisitions.offset, 1);
    const last = before & LAST;
    if (last !== this.me) this.countBounce(cell, looks, last);
    if (looks > 0) {
      this.countContention(cell, looks);
      this.pages.endWait(this.hart);
    }
    const waited = looks > 0 ? this.waited(row) : undefined;
    if (--this.until === 0) this.follow(lock, row, looks, last, waited);
  }

  releasing(lock: number): void {
    if (this.followed.length > 0) this.end(lock);
  }

  released(): void {
    if (this.unwritten.length > 0) this.write();
  }

  /** @param last the hart that took the lock last, its number plus one; 0: nobody did, which is no bounce */
  private countBounce(cell: number, looks: number, last: number): void {
    if (last === 0 || last > this.pages.harts) return;
    this.book.count64(cell + acqBounces.offset, 1);
    this.book.count64(cell + distance.offset, Math.abs(last - this.me));
    if (looks > 0) this.book.count64(cell + conBounces.offset, 1);
  }

  private countContention(cell: number, looks: number): void {
    this.book.count64(cell + contentions.offset, 1);
    this.book.count64(cell + spins.offset, looks);
  }

  /** How long the hart has waited for the lock that it has now; undefined: nobody measures that. */
  private waited(row: number): number | undefined {
    if (this.waitsSince === undefined) return undefined;
    const waited = this.now() - this.waitsSince;
    this.waitsSince = undefined;
    this.unwritten.push([WAIT.at(this.timesOf(row)), waited]);
    return waited;
  }

  /** @param times a `lockTimes` */
  private time(times: number, exact: number): void {
    const { book } = this;
    const value = Math.max(1, Math.round(exact));
    total.store(book, times, total.load(book, times) + value);
    const shortest = least.load(book, times);
    if (shortest === 0 || value < shortest) least.store(book, times, value);
    if (value > most.load(book, times)) most.store(book, times, value);
    book.count64(buckets.at(times, bucketOf(value)), 1);
  }

  private follow(lock: number, row: number, looks: number, last: number, waited: number | undefined): void {
    this.until = this.interval();
    if (this.sampling === 0) return;
    const times = this.timesOf(row);
    let siteTimes: number | undefined;
    if (this.pages.choice.callers) {
      const site = this.site(this.pages.nameOf[row - 1]!, callerOf(Spinlocks.prototype.acquire));
      const cell = callSite.fields.counts.at(site);
      this.book.count64(cell + acquisitions.offset, 1);
      if (last !== this.me) this.countBounce(cell, looks, last);
      if (looks > 0) this.countContention(cell, looks);
      siteTimes = callSite.fields.times.at(site);
      if (waited !== undefined) this.unwritten.push([WAIT.at(siteTimes), waited]);
    }
    // Last, so that the time does not have all this in it.
    this.followed.push({ lock, since: this.now(), times, siteTimes });
  }

  private end(lock: number): void {
    const now = this.now();
    const { followed } = this;
    const at = followed.findLastIndex((one) => one.lock === lock);
    if (at < 0) return;
    const [{ since, times, siteTimes }] = followed.splice(at, 1) as [Followed];
    this.unwritten.push([HOLD.at(times), now - since]);
    if (siteTimes !== undefined) this.unwritten.push([HOLD.at(siteTimes), now - since]);
  }

  private write(): void {
    for (const [times, exact] of this.unwritten) this.time(times, exact);
    this.unwritten.length = 0;
  }

  /** The cell of a call site; once there is no room for more, the one for all others that take such locks. */
  private site(name: number, caller: string): number {
    const key = `${name} ${caller}`;
    const known = this.siteOf.get(key);
    if (known !== undefined) return this.pages.site(this.hart, known);
    const next = this.siteOf.size;
    if (next >= CALL_SITES) return this.pages.site(this.hart, CALL_SITES + name);
    this.siteOf.set(key, next);
    const site = this.pages.site(this.hart, next);
    const text = new TextEncoder().encode(caller).subarray(0, callSite.fields.name.size);
    this.book.write(callSite.fields.name.at(site), text);
    callSite.fields.lock.store(this.book, site, name);
    callSite.fields.nameBytes.store(this.book, site, text.length);
    return site;
  }

  private timesOf(row: number): number {
    return this.pages.times(this.hart, this.pages.nameOf[row - 1]!);
  }

  /** Its row, plus one: from now on the lock knows it. */
  private firstTaken(lock: number): number {
    const row = this.pages.rowOf(lock) + 1;
    this.mem.stamp32(lock + note.offset, LAST, row << LAST_BITS);
    return row;
  }

  /** Random, so that no loop of the kernel's is in step with it. */
  private interval(): number {
    if (this.sampling === 0) return NEVER;
    return 1 + Math.floor(this.random() * (2 * this.sampling - 1));
  }
}

/** From 0 to 1, below it; the same every time (Marsaglia's xorshift32). */
function randomNumbers(seed: number): () => number {
  let state = (0x9e37_79b9 ^ (seed + 1)) >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
