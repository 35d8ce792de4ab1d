import type { SharedAccess } from '../../src/memory/access.js';
import type { DirectAccess } from '../../src/memory/direct-access.js';
import { KERNBASE } from '../../src/memory/map.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';
import { alignUp, array, struct, u32, u64 } from '../../src/memory/struct.js';
import type { Player } from '../../src/schedule/participant.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import { lockFamilies } from '../locks/families.js';
import { nodesPerHart, QueueNodes } from '../locks/queue-nodes.js';
import { Spinlocks, spinlock } from '../locks/spinlock.js';
import { CACHE_LINE } from '../params.js';

/** Harts that contend for one lock of the kernel's. Structured-cloneable. */
export interface ContentionConfig {
  /** Name of the lock's family. */
  readonly lock: string;
  readonly harts: number;
  /** Acquisitions that are measured, by as many as there are harts. */
  readonly acquisitions: number;
  /** Cycles that a hart computes while it holds the lock, beside what its accesses take. */
  readonly inside: number;
  /** And between two acquisitions: half of this to three halves, by random numbers. */
  readonly outside: number;
  readonly seed: number;
}

/** One acquisition, in cycles since the run began. */
export interface Acquisition {
  readonly hart: number;
  /** When the hart began to try. */
  readonly wanted: number;
  readonly taken: number;
  /** When it began to let go. */
  readonly released: number;
}

/** RAM of a machine for contention, in MiB. */
export const CONTENTION_MEMORY = 8;
/** Cache lines that a run may touch: those of the lock, of the data, and a few for each hart. */
export const CONTENTION_LINES = 1024;

/** Acquisitions by each hart, on average, before the measured ones: by then every hart has come to the lock. */
const WARM_UP = 2;

/** What the lock guards: two lines that every holder reads and writes. */
const guarded = struct('guarded', { acquisitions: u32, apart: array(u32, CACHE_LINE / 4 - 1), sum: u32 });
const LOCK = KERNBASE;
const DATA = KERNBASE + alignUp(spinlock.size, CACHE_LINE);
const NODES = DATA + alignUp(guarded.size, CACHE_LINE);
const NODES_PER_HART = nodesPerHart(0);

/** Of each acquisition, by its number, and at last one by each hart. No hart looks there during a run, so it is written past the schedule and takes no time. */
const record = struct('acquisition', { hart: u32, wanted: u64, taken: u64, released: u64 });
const RECORDS = KERNBASE + 1024 * 1024;
/** As many as there is room for with the most harts. */
export const MOST_ACQUISITIONS = 2000;

/** All acquisitions of a run, with those before the measured ones. */
function inAll({ harts, acquisitions }: ContentionConfig): number {
  return harts * (WARM_UP + acquisitions);
}

/** Puts the memory to where a run begins. */
export function beginContention({ ram }: SharedMemory): void {
  ram.fill(KERNBASE, 0, RECORDS - KERNBASE);
}

/** Where acquisitions are kept, and when they were. */
export interface ContentionLog {
  /** The hart's clock, in whole units. */
  now(): number;
  /** The lock is held. */
  keep(number: number, acquisition: Acquisition): void;
}

/** Keeps every acquisition. @param now the hart's clock in virtual time */
export function everyAcquisition({ ram }: SharedMemory, now: () => number): ContentionLog {
  return { now, keep: (number, acquisition) => put(ram, RECORDS + number * record.size, acquisition) };
}

/** Keeps when the first and the last of the measured ones were let go, so that a real clock is read no more often. */
export function onlyEnds(config: ContentionConfig, { ram }: SharedMemory, clock: () => number): ContentionLog {
  const ends = [config.harts * WARM_UP - 1, inAll(config) - 1];
  return {
    now: () => 0,
    keep(number, acquisition) {
      const end = ends.indexOf(number);
      if (end >= 0) put(ram, RECORDS + end * record.size, { ...acquisition, released: clock() });
    },
  };
}

/** One hart: takes the lock, adds to what it guards, lets it go and does something else, until there have been enough acquisitions. */
export class ContendingHart implements Player {
  private readonly locks: Spinlocks;

  constructor(
    private readonly config: ContentionConfig,
    private readonly hart: number,
    private readonly access: SharedAccess,
    private readonly log: ContentionLog,
  ) {
    const family = lockFamilies.find(({ name }) => name === config.lock);
    if (family === undefined) throw new RangeError(`there is no lock '${config.lock}'`);
    this.locks = new Spinlocks(access, hart, family, new QueueNodes(NODES, config.harts, NODES_PER_HART));
  }

  play(): void {
    const { access, hart, locks, log } = this;
    const { inside, outside, seed } = this.config;
    const numbers = new RandomNumbers(seed, hart);
    const most = inAll(this.config);
    for (;;) {
      access.delay(Math.floor(outside / 2) + numbers.below(outside + 1));
      const wanted = log.now();
      locks.acquire(LOCK);
      const taken = log.now();
      const number = guarded.fields.acquisitions.load(access, DATA);
      if (number < most) {
        guarded.fields.acquisitions.store(access, DATA, number + 1);
        guarded.fields.sum.store(access, DATA, (guarded.fields.sum.load(access, DATA) + hart) >>> 0);
        access.delay(inside);
      }
      // Those after the last measured one say since when harts were waiting at its end.
      log.keep(number < most ? number : most + hart, { hart, wanted, taken, released: log.now() });
      locks.release(LOCK);
      if (number >= most) return;
    }
  }
}

function put(ram: DirectAccess, at: number, { hart, wanted, taken, released }: Acquisition): void {
  record.fields.hart.store(ram, at, hart);
  record.fields.wanted.store(ram, at, wanted);
  record.fields.taken.store(ram, at, taken);
  record.fields.released.store(ram, at, released);
}

/** What a run did, in the order of acquisitions. */
export interface ContentionRecord {
  /** The one before the measured ones, and those. */
  readonly acquisitions: readonly Acquisition[];
  /** One by each hart, after those. */
  readonly after: readonly Acquisition[];
}

/** What the last run did. */
export function contentionRecord(config: ContentionConfig, { ram }: SharedMemory): ContentionRecord {
  const first = config.harts * WARM_UP - 1;
  const most = inAll(config);
  const all = Array.from({ length: most + config.harts - first }, (_, i) =>
    got(ram, RECORDS + (first + i) * record.size),
  );
  return { acquisitions: all.slice(0, most - first), after: all.slice(most - first) };
}

/** How many acquisitions were measured, and how long they took by the clock of `onlyEnds`. */
export function timeOf(config: ContentionConfig, { ram }: SharedMemory): { operations: number; time: number } {
  const [first, last] = [got(ram, RECORDS), got(ram, RECORDS + record.size)];
  return { operations: config.harts * config.acquisitions, time: last.released - first.released };
}

function got(ram: DirectAccess, at: number): Acquisition {
  return {
    hart: record.fields.hart.load(ram, at),
    wanted: record.fields.wanted.load(ram, at),
    taken: record.fields.taken.load(ram, at),
    released: record.fields.released.load(ram, at),
  };
}
