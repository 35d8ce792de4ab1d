import type { SharedAccess } from '../../src/memory/access.js';
import { alignUp, array, atomic32, bytes, struct, u32, u64 } from '../../src/memory/struct.js';
import type { KernelLayout } from '../layout.js';
import { CACHE_LINE } from '../params.js';
import { BUCKETS } from './histogram.js';
import { RowTable } from './row-table.js';

/** What is kept of locks beside counts. */
export interface LockstatChoice {
  /**
   * One acquisition in so many, on average, is looked at closely: how long it held the lock, and which function made it.
   * 1: each. 0: none, and nobody is asked how long he waited either.
   */
  readonly sampling: number;
  /** Which function makes an acquisition is asked at all. */
  readonly callers: boolean;
}

/** Counts alone. */
export const ONLY_COUNTS: LockstatChoice = { sampling: 0, callers: false };

/** What some acquisitions came to. */
export const lockCounts = struct('lockCounts', {
  acquisitions: u64,
  /** Acquisitions that found the lock taken. */
  contentions: u64,
  /** Acquisitions of a lock that another hart had taken last; and those of them that found it taken. */
  acqBounces: u64,
  conBounces: u64,
  /** Looks at the lock while it was taken. */
  spins: u64,
  /** Over all bounces, by how much the numbers of the two harts differ. */
  distance: u64,
});

/** A distribution of times, each 1 at least, so that `least` is 0 while there is none. */
export const lockTimes = struct('lockTimes', {
  total: u64,
  least: u64,
  most: u64,
  buckets: array(u64, BUCKETS),
});

/** From finding the lock taken until having it; from having it until letting it go. */
const waitAndHold = struct('waitAndHold', { wait: lockTimes, hold: lockTimes });
export const { wait: WAIT, hold: HOLD } = waitAndHold.fields;

const MOST_NAME_BYTES = 112;

/** A function that takes locks of one name. */
export const callSite = struct('callSite', {
  /** The place of the locks' name, and of the function's name the bytes. */
  lock: u32,
  nameBytes: u32,
  /** UTF-8. */
  name: bytes(MOST_NAME_BYTES),
  counts: lockCounts,
  times: waitAndHold,
});
/** Functions that each hart has room for; what others do is summed up for each name of a lock. */
export const CALL_SITES = 128;

/** What a hart waits for now. */
const hartWait = struct('hartWait', {
  /** Address of a lock; 0: the hart waits for none. */
  lock: atomic32,
  /** How often it has begun to wait; wraps. */
  waits: atomic32,
});
const HART_WAIT_SIZE = alignUp(hartWait.size, CACHE_LINE);

/** A hart that waits for a lock. As long as `waits` is the same it has been the same wait. */
export interface HartWait {
  readonly lock: number;
  readonly waits: number;
}

const header = struct('lockstat', {
  sampling: u32,
  callers: u32,
  /** Rounds up: what a hart writes lies on no other's cache line. */
  end: bytes(0, CACHE_LINE),
});

/** Locks of pipes, which lie in frames. */
const PIPE = 'pipe';

/** What has to be known of a kernel. */
type Kernel = Pick<KernelLayout, 'locks' | 'cpus' | 'firstFrame'>;

/** Where things lie in a book: bytes from its beginning, or from the beginning of a hart's part. */
interface Places {
  /** Names of locks: those of the kernel's table in its order, then `pipe`. */
  readonly names: readonly string[];
  /** For every lock, the place of its name; the last stands for all that lie in frames. */
  readonly nameOf: readonly number[];
  /** Call sites of a hart: those with a name of their own, and one for each name of a lock. */
  readonly sites: number;
  readonly timesAt: number;
  readonly sitesAt: number;
  /** Of a hart's part. */
  readonly size: number;
}

/** A cache line each. */
const COUNTS_SIZE = alignUp(lockCounts.size, CACHE_LINE);

function places({ locks }: Kernel, { callers }: LockstatChoice): Places {
  const names = [...new Set(locks.map(({ name }) => name)), PIPE];
  const nameOf = [...locks.map(({ name }) => names.indexOf(name)), names.length - 1];
  const sites = callers ? CALL_SITES + names.length : 0;
  const timesAt = HART_WAIT_SIZE + nameOf.length * COUNTS_SIZE;
  const sitesAt = timesAt + names.length * waitAndHold.size;
  return { names, nameOf, sites, timesAt, sitesAt, size: alignUp(sitesAt + sites * callSite.size, CACHE_LINE) };
}

/** Bytes that a book of this kernel takes. */
export function lockstatSize(layout: Kernel, choice: LockstatChoice): number {
  return header.size + layout.cpus.length * places(layout, choice).size;
}

/**
 * Statistics of locks, in shared memory beside guest RAM: cells for every lock and every hart, which that hart alone writes,
 * so that to count is no contention of its own.
 *
 *     header
 *     of hart 0   what it waits for; counts of every lock; times of all locks of one name; call sites
 *     of hart 1   …
 */
export class LockstatBook {
  private readonly places: Places;
  private readonly rows: RowTable;

  private constructor(
    /** The host-side view: no access here is a point of a schedule, or takes virtual time. */
    readonly mem: SharedAccess,
    private readonly at: number,
    private readonly layout: Kernel,
    readonly choice: LockstatChoice,
  ) {
    this.places = places(layout, choice);
    this.rows = new RowTable(layout.locks.map(({ address }) => address));
  }

  /** A new book, empty, of `lockstatSize` bytes from `at`. Nobody may write in it. */
  static begin(mem: SharedAccess, at: number, layout: Kernel, choice: LockstatChoice): LockstatBook {
    mem.fill(at, 0, lockstatSize(layout, choice));
    header.fields.sampling.store(mem, at, choice.sampling);
    header.fields.callers.store(mem, at, choice.callers ? 1 : 0);
    return new LockstatBook(mem, at, layout, choice);
  }

  /** One that was begun, perhaps on another thread. */
  static open(mem: SharedAccess, at: number, layout: Kernel): LockstatBook {
    const { sampling, callers } = header.fields;
    const choice = { sampling: sampling.load(mem, at), callers: callers.load(mem, at) !== 0 };
    return new LockstatBook(mem, at, layout, choice);
  }

  get harts(): number {
    return this.layout.cpus.length;
  }

  get names(): readonly string[] {
    return this.places.names;
  }

  get sites(): number {
    return this.places.sites;
  }

  /** For every lock, by row, the place of its name. */
  get nameOf(): readonly number[] {
    return this.places.nameOf;
  }

  /** The row of a lock. Throws RangeError for what is none of this kernel's. */
  rowOf(lock: number): number {
    const row = this.rows.rowOf(lock);
    if (row !== undefined) return row;
    if (lock >= this.layout.firstFrame) return this.nameOf.length - 1;
    throw new RangeError(`0x${lock.toString(16)} is not in the kernel's table of locks`);
  }

  /** A `lockCounts`. */
  counts(hart: number, row: number): number {
    return this.of(hart) + HART_WAIT_SIZE + row * COUNTS_SIZE;
  }

  /** A `WAIT` and a `HOLD`, of all locks with that name. */
  times(hart: number, name: number): number {
    return this.of(hart) + this.places.timesAt + name * waitAndHold.size;
  }

  /** A `callSite`. */
  site(hart: number, site: number): number {
    return this.of(hart) + this.places.sitesAt + site * callSite.size;
  }

  beginWait(hart: number, lock: number): void {
    const { mem } = this;
    const at = this.of(hart);
    // Pairs with `waitOf`: whoever sees the same count as before, and a lock, sees the wait that was counted then.
    hartWait.fields.lock.store(mem, at, lock);
    hartWait.fields.waits.add(mem, at, 1);
  }

  endWait(hart: number): void {
    hartWait.fields.lock.store(this.mem, this.of(hart), 0);
  }

  /** What the hart waits for at this moment; undefined: for no lock. */
  waitOf(hart: number): HartWait | undefined {
    const { mem } = this;
    const at = this.of(hart);
    const lock = hartWait.fields.lock.load(mem, at);
    return lock === 0 ? undefined : { lock, waits: hartWait.fields.waits.load(mem, at) };
  }

  private of(hart: number): number {
    return this.at + header.size + hart * this.places.size;
  }
}
