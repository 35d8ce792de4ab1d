import { BENCH_DEFAULTS, type BenchOptions, BenchRun } from '../src/app/bench/bench-run.js';
import type { BenchResult } from '../src/app/bench/result.js';
import { spread } from '../src/report/spread.js';
import { figure } from '../src/report/table.js';
import type { Table } from './table.js';

export interface ContentionOptions {
  readonly harts: readonly number[];
  /** Of kernel work: whole processes with 64 harts take a quarter of an hour. */
  readonly workHarts: readonly number[];
  /** Of what a real clock measures. */
  readonly repetitions: number;
}

/** Those that a host with two cores can really have. */
const REAL_HARTS = [1, 2];

/** What locks and kernels do by 1 to 64 harts, as `hartbreak bench` finds it; and how far off is virtual time? */
export function contention({ harts, workHarts, repetitions }: ContentionOptions): Table[] {
  const byHarts = harts.map((count) => `${count}`);
  const locks = once(() => run({ benches: ['locks'], harts, repetitions: 0 }));
  const works = once(() => run({ benches: ['refs', 'alloc', 'fork', 'cow'], harts: workHarts, repetitions: 0 }));
  const held = once(() => run({ benches: ['locks', 'fork'], harts: REAL_HARTS, repetitions }));
  const costs = 'In virtual time, the same to the digit on every host; the costs are in `src/schedule/time-costs.ts`.';
  return [
    {
      title: 'Locks under contention',
      note: `Acquisitions per million cycles by the number of harts. ${costs}`,
      command: 'npx hartbreak bench locks --repetitions 0',
      heads: ['lock', ...byHarts],
      rows: lockRows(locks, harts, ({ throughput }) => figure(throughput)),
    },
    {
      title: 'Fairness of locks',
      note: `Most by fewest acquisitions of a hart; a dash where a hart had none. ${costs}`,
      command: 'npx hartbreak bench locks --repetitions 0',
      heads: ['lock', ...byHarts],
      rows: lockRows(locks, harts, ({ fairness }) => (fairness === null ? '-' : fairness.toFixed(1))),
    },
    {
      title: 'Kernels under the same work',
      note: `Operations per million cycles by the number of harts. ${costs}`,
      command: `npx hartbreak bench refs alloc fork cow --harts ${workHarts.join(',')} --repetitions 0`,
      heads: ['work', 'kernel with', ...workHarts.map((count) => `${count}`)],
      rows: workRows(works, workHarts),
    },
    {
      title: 'Virtual time held against this host',
      note:
        'Throughput with two harts by that with one: in virtual time, and measured, median (least–most). The error is that of ' +
        'virtual time. Nanoseconds are those of one operation by one hart, where a cycle is what a round of an empty loop ' +
        'takes; virtual time counts accesses, and not the instructions between them.',
      command: 'npx hartbreak bench locks fork --harts 1,2',
      heads: ['', 'virtual', 'real', 'error, %', 'ns: virtual', 'ns: real'],
      rows: modelRows(held),
    },
  ];
}

async function run(options: Partial<BenchOptions>): Promise<BenchResult> {
  const bench = new BenchRun({ ...BENCH_DEFAULTS, ...options });
  await bench.run();
  return bench.result;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

type LockCell = NonNullable<BenchResult['virtual']['locks']>['cells'][number];

async function* lockRows(
  result: () => Promise<BenchResult>,
  harts: readonly number[],
  show: (cell: LockCell) => string,
): AsyncGenerator<readonly string[]> {
  const { cells } = (await result()).virtual.locks!;
  for (const lock of new Set(cells.map((cell) => cell.lock)))
    yield [lock, ...harts.map((count) => show(cells.find((cell) => cell.lock === lock && cell.harts === count)!))];
}

async function* workRows(
  result: () => Promise<BenchResult>,
  harts: readonly number[],
): AsyncGenerator<readonly string[]> {
  const { refs, alloc, fork, cow } = (await result()).virtual;
  for (const { cells } of [refs!, alloc!, fork!, cow!])
    for (const one of cells.filter((cell) => cell.harts === harts[0])) {
      const same = cells.filter(({ variant, work }) => variant === one.variant && work === one.work);
      const throughputs = harts.map((count) => figure(same.find((cell) => cell.harts === count)!.throughput));
      yield [one.work, one.variant, ...throughputs];
    }
}

async function* modelRows(result: () => Promise<BenchResult>): AsyncGenerator<readonly string[]> {
  for (const row of (await result()).measured.model)
    yield [
      `${row.bench} ${row.what}`,
      row.virtual.toFixed(2),
      spread(row.real.values, (value) => value.toFixed(2)),
      (100 * row.error).toFixed(0),
      figure(row.virtualNanoseconds),
      figure(row.realNanoseconds),
    ];
}
