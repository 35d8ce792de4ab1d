import { BUCKETS, bucketStart } from './histogram.js';
import { CALL_SITES, callSite, HOLD, type LockstatBook, lockCounts, lockTimes, WAIT } from './lockstat-book.js';

/** What harts did with the kernel's locks, all harts together. */
export interface Lockstat {
  readonly unit: 'ns' | 'cycles';
  /** As in `LockstatChoice`. How long harts waited is measured whenever they do, unless this is 0. */
  readonly sampling: number;
  /** A row for each name; the locks of all processes are one, `proc`, and those of all pipes. */
  readonly locks: readonly LockRow[];
}

export interface LockFigures {
  readonly name: string;
  readonly acquisitions: number;
  /** Acquisitions that found the lock taken. */
  readonly contentions: number;
  /** Acquisitions of a lock that another hart had taken last; and those of them that found it taken. */
  readonly acqBounces: number;
  readonly conBounces: number;
  /** Looks at the lock while it was taken. */
  readonly spins: number;
  /** By how much the numbers of the two harts differ, on average over all bounces; null while there is none. */
  readonly distance: number | null;
  /** From finding the lock taken until having it; null: never measured. */
  readonly wait: LockTimes | null;
  /** From having the lock until letting it go, of those acquisitions that were looked at closely; null: there was none. */
  readonly hold: LockTimes | null;
}

export interface LockRow extends LockFigures {
  /** Acquisitions by each hart. */
  readonly byHart: readonly number[];
  /** Functions of the kernel that took it, the most acquisitions first; of those acquisitions that were looked at closely. */
  readonly callers: readonly LockFigures[];
}

export interface LockTimes {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly total: number;
  readonly avg: number;
  /** By nearest rank, 12.5 % too high at most. */
  readonly p50: number;
  readonly p99: number;
  /** How many times lie from `from` to below `to`, where there are any; the last bucket has no end. */
  readonly histogram: readonly { readonly from: number; readonly to: number | null; readonly count: number }[];
}

/** One lock. */
export interface LockInstance {
  readonly name: string;
  readonly acquisitions: number;
  readonly spins: number;
}

/** What those take that no hart had room for any more. */
const ELSEWHERE = 'elsewhere';

/** Reads while harts may run: each number is true of some recent moment, but they need not fit together. */
export function readLockstat(book: LockstatBook, unit: Lockstat['unit']): Lockstat {
  const harts = Array.from({ length: book.harts }, (_, hart) => hart);
  const rows = book.nameOf.map((_, row) => row);
  const sites = callSites(book);
  const locks = book.names.map((name, place): LockRow => {
    const own = rows.filter((row) => book.nameOf[row] === place);
    const cells = harts.map((hart) => own.map((row) => book.counts(hart, row)));
    const times = harts.map((hart) => book.times(hart, place));
    const callers = [...sites.entries()].flatMap(([key, found]) => {
      const [lock, caller] = split(key);
      if (lock !== place) return [];
      const { counts, times: siteTimes } = callSite.fields;
      return figures(
        book,
        caller,
        found.map((site) => counts.at(site)),
        found.map((site) => siteTimes.at(site)),
      );
    });
    return {
      ...figures(book, name, cells.flat(), times),
      byHart: cells.map((some) => sum(book, some, 'acquisitions')),
      callers: callers.sort((a, b) => b.acquisitions - a.acquisitions || (a.name < b.name ? -1 : 1)),
    };
  });
  return { unit, sampling: book.choice.sampling, locks };
}

/** Every lock for itself, in the order of the kernel's table. Reads as `readLockstat` does. */
export function readLockInstances(book: LockstatBook): LockInstance[] {
  const harts = Array.from({ length: book.harts }, (_, hart) => hart);
  return book.nameOf.map((place, row) => {
    const cells = harts.map((hart) => book.counts(hart, row));
    const [acquisitions, spins] = [sum(book, cells, 'acquisitions'), sum(book, cells, 'spins')];
    return { name: book.names[place]!, acquisitions, spins };
  });
}

/** @param cells each a `lockCounts`; @param times each a `WAIT` and a `HOLD` */
function figures(book: LockstatBook, name: string, cells: readonly number[], times: readonly number[]): LockFigures {
  const [bounces, distance] = [sum(book, cells, 'acqBounces'), sum(book, cells, 'distance')];
  return {
    name,
    acquisitions: sum(book, cells, 'acquisitions'),
    contentions: sum(book, cells, 'contentions'),
    acqBounces: bounces,
    conBounces: sum(book, cells, 'conBounces'),
    spins: sum(book, cells, 'spins'),
    distance: bounces === 0 ? null : distance / bounces,
    wait: readTimes(
      book,
      times.map((at) => WAIT.at(at)),
    ),
    hold: readTimes(
      book,
      times.map((at) => HOLD.at(at)),
    ),
  };
}

function sum({ mem }: LockstatBook, cells: readonly number[], field: keyof typeof lockCounts.fields): number {
  return cells.reduce((all, cell) => all + lockCounts.fields[field].load(mem, cell), 0);
}

/** @param cells each a `lockTimes` */
function readTimes({ mem }: LockstatBook, cells: readonly number[]): LockTimes | null {
  const { total, least, most, buckets } = lockTimes.fields;
  const used = cells.filter((cell) => least.load(mem, cell) > 0);
  const counts = Array.from({ length: BUCKETS }, (_, bucket) =>
    used.reduce((all, cell) => all + mem.load64(buckets.at(cell, bucket)), 0),
  );
  const count = counts.reduce((all, some) => all + some, 0);
  if (count === 0) return null;
  const max = Math.max(...used.map((cell) => most.load(mem, cell)));
  const sumOf = used.reduce((all, cell) => all + total.load(mem, cell), 0);
  const percentile = (percent: number) => {
    let below = 0;
    const bucket = counts.findIndex((some) => {
      below += some;
      return below >= (count * percent) / 100;
    });
    return bucket === BUCKETS - 1 ? max : Math.min(max, bucketStart(bucket + 1) - 1);
  };
  return {
    count,
    min: Math.min(...used.map((cell) => least.load(mem, cell))),
    max,
    total: sumOf,
    avg: sumOf / count,
    p50: percentile(50),
    p99: percentile(99),
    histogram: counts.flatMap((some, bucket) => {
      const to = bucket === BUCKETS - 1 ? null : bucketStart(bucket + 1);
      return some === 0 ? [] : [{ from: bucketStart(bucket), to, count: some }];
    }),
  };
}

/** Cells of call sites, of all harts, by the place of the lock's name and the function's. */
function callSites(book: LockstatBook): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (let hart = 0; hart < book.harts; hart++)
    for (let site = 0; site < book.sites; site++) {
      const at = book.site(hart, site);
      if (lockCounts.fields.acquisitions.load(book.mem, callSite.fields.counts.at(at)) === 0) continue;
      const key = site < CALL_SITES ? keyOf(book, at) : `${site - CALL_SITES} ${ELSEWHERE}`;
      found.set(key, [...(found.get(key) ?? []), at]);
    }
  return found;
}

function keyOf({ mem }: LockstatBook, at: number): string {
  const { lock, nameBytes, name } = callSite.fields;
  return `${lock.load(mem, at)} ${new TextDecoder().decode(mem.read(name.at(at), nameBytes.load(mem, at)))}`;
}

function split(key: string): [lock: number, caller: string] {
  const blank = key.indexOf(' ');
  return [Number(key.slice(0, blank)), key.slice(blank + 1)];
}
