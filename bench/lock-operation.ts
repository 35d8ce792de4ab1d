import { LockMeter } from '../kernel/books/lock-meter.js';
import { LockstatBook, type LockstatChoice, lockstatSize, ONLY_COUNTS } from '../kernel/books/lockstat-book.js';
import { kernelLayoutOf } from '../kernel/config.js';
import { DEFAULT_LOCK } from '../kernel/locks/families.js';
import { Spinlocks } from '../kernel/locks/spinlock.js';
import { NPROC } from '../kernel/params.js';
import { LOCKSTAT_SAMPLING } from '../src/app/hosted-machine.js';
import { memoryMap } from '../src/memory/map.js';
import { SharedMemory } from '../src/memory/shared-memory.js';
import { isCommand } from './is-command.js';
import { printMarkdown, type Table } from './table.js';

const SHAPE = { harts: 2, memory: 16 };
const KERNEL = { design: 'page-map-lock', form: 'sound', bug: null, processes: NPROC.default } as const;
/** Acquisitions of one repetition: short enough that some find the core undisturbed. */
const ROUNDS = 2000;
const REPETITIONS = 3000;

const WAYS: readonly (readonly [name: string, choice: LockstatChoice | undefined])[] = [
  ['none', undefined],
  ['counts, as always', ONLY_COUNTS],
  ['--lockstat', { sampling: LOCKSTAT_SAMPLING.times, callers: false }],
  ['--lockstat --callers', { sampling: LOCKSTAT_SAMPLING.callers, callers: true }],
];

/** What does it take to take a lock and let it go, with statistics and without? */
export function lockOperation(): Table {
  return {
    title: 'Statistics of a lock that nobody else wants',
    note:
      `Nanoseconds for an acquire and a release on one hart, kernel locks in turn: of ${REPETITIONS} repetitions of ${ROUNDS} ` +
      'acquisitions the quickest, which is what stays the same on a host that does other things, and the median, in which ' +
      'is what is sampled.',
    command: 'node dist/bench/lock-operation.js',
    heads: ['statistics', 'least', 'median'],
    rows: rows(),
  };
}

async function* rows(): AsyncGenerator<readonly string[]> {
  for (const [name, choice] of WAYS) {
    const times = measure(choice).sort((a, b) => a - b);
    yield [name, times[0]!.toFixed(1), times[times.length >> 1]!.toFixed(1)];
  }
}

function measure(choice: LockstatChoice | undefined): number[] {
  const layout = kernelLayoutOf(KERNEL, memoryMap(SHAPE));
  const lockstat = lockstatSize(layout, choice ?? ONLY_COUNTS);
  const { ram, host, map } = SharedMemory.create({ ...SHAPE, lockstat });
  const book = LockstatBook.begin(host, map.lockstat, layout, choice ?? ONLY_COUNTS);
  const meter = choice && new LockMeter(book, ram, 0, () => performance.now() * 1e6);
  const spin = new Spinlocks(ram, 0, DEFAULT_LOCK, layout.queueNodes, meter);
  const locks = layout.locks.map(({ address }) => address).slice(0, 16);
  return Array.from({ length: REPETITIONS }, () => {
    const begun = performance.now();
    for (let round = 0; round < ROUNDS; round++) {
      const lock = locks[round % locks.length]!;
      spin.acquire(lock);
      spin.release(lock);
    }
    return ((performance.now() - begun) * 1e6) / ROUNDS;
  });
}

if (isCommand(import.meta.url)) await printMarkdown(lockOperation());
