import type { SharedAccess } from '../../src/memory/access.js';
import { callerOf } from '../../src/memory/call-stack.js';
import type { LockListener } from '../locks/lock.js';
import { Spinlocks, spinlock } from '../locks/spinlock.js';
import { bucketOf } from './histogram.js';
import { CALL_SITES, callSite, HOLD, type LockstatBook, lockCounts, lockTimes, WAIT } from './lockstat-book.js';

const { last } = spinlock.fields;
const { acquisitions, contentions, acqBounces, conBounces, spins, distance } = lockCounts.fields;
const { total, least, most, buckets } = lockTimes.fields;

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
  /** The last lock that was looked up. */
  private latest = 0;
  private latestRow = 0;
  private readonly siteOf = new Map<string, number>();

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
    this.random = randomNumbers(hart);
    this.until = this.interval();
  }

  contended(): void {
    if (this.sampling > 0) this.waitsSince = this.now();
  }

  taken(lock: number, looks: number): void {
    const row = this.rowOf(lock);
    const before = this.mem.stamp32(lock + last.offset, this.me);
    const from = before === 0 ? 0 : Math.abs(before - this.me);
    this.count(this.pages.counts(this.hart, row), looks, from);
    let waited: number | undefined;
    if (this.waitsSince !== undefined) {
      waited = this.now() - this.waitsSince;
      this.waitsSince = undefined;
      this.time(WAIT.at(this.timesOf(row)), waited);
    }
    if (this.sampling > 0 && --this.until === 0) this.follow(lock, row, looks, from, waited);
  }

  released(lock: number): void {
    if (this.followed.length > 0) this.unfollow(lock);
  }

  private count(cell: number, looks: number, from: number): void {
    const { book } = this;
    book.count64(cell + acquisitions.offset, 1);
    if (from > 0) {
      book.count64(cell + acqBounces.offset, 1);
      book.count64(cell + distance.offset, from);
    }
    if (looks === 0) return;
    book.count64(cell + contentions.offset, 1);
    book.count64(cell + spins.offset, looks);
    if (from > 0) book.count64(cell + conBounces.offset, 1);
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

  private follow(lock: number, row: number, looks: number, from: number, waited: number | undefined): void {
    this.until = this.interval();
    const times = this.timesOf(row);
    let siteTimes: number | undefined;
    if (this.pages.choice.callers) {
      const site = this.site(this.pages.nameOf[row]!, callerOf(Spinlocks.prototype.acquire));
      this.count(callSite.fields.counts.at(site), looks, from);
      siteTimes = callSite.fields.times.at(site);
      if (waited !== undefined) this.time(WAIT.at(siteTimes), waited);
    }
    // Last, so that the time does not have all this in it.
    this.followed.push({ lock, since: this.now(), times, siteTimes });
  }

  private unfollow(lock: number): void {
    const now = this.now();
    const { followed } = this;
    const at = followed.findLastIndex((one) => one.lock === lock);
    if (at < 0) return;
    const [{ since, times, siteTimes }] = followed.splice(at, 1) as [Followed];
    this.time(HOLD.at(times), now - since);
    if (siteTimes !== undefined) this.time(HOLD.at(siteTimes), now - since);
  }

  /** The cell of a call site; once there is no room for more, the one for all others that take such locks. */
  private site(name: number, function_: string): number {
    const key = `${name} ${function_}`;
    const known = this.siteOf.get(key);
    if (known !== undefined) return this.pages.site(this.hart, known);
    const next = this.siteOf.size;
    if (next >= CALL_SITES) return this.pages.site(this.hart, CALL_SITES + name);
    this.siteOf.set(key, next);
    const site = this.pages.site(this.hart, next);
    const text = new TextEncoder().encode(function_).subarray(0, callSite.fields.name.size);
    this.book.write(callSite.fields.name.at(site), text);
    callSite.fields.lock.store(this.book, site, name);
    callSite.fields.nameBytes.store(this.book, site, text.length);
    return site;
  }

  private timesOf(row: number): number {
    return this.pages.times(this.hart, this.pages.nameOf[row]!);
  }

  private rowOf(lock: number): number {
    if (lock !== this.latest) {
      this.latestRow = this.pages.rowOf(lock);
      this.latest = lock;
    }
    return this.latestRow;
  }

  /** Random, so that no loop of the kernel's is in step with it. */
  private interval(): number {
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
