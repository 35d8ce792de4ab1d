import { beforeAll, describe, expect, it } from 'vitest';
import { BENCH_DEFAULTS, type BenchOptions, BenchRun } from '../../../src/app/bench/bench-run.js';
import type { BenchResult, WorkFigures } from '../../../src/app/bench/result.js';
import { isLongForm } from '../../support/long-form.js';

async function result(options: Partial<BenchOptions>): Promise<BenchResult> {
  const run = new BenchRun({ ...BENCH_DEFAULTS, rounds: 1, pages: 2, repetitions: 0, ...options });
  await run.run();
  return run.result;
}

const throughput = ({ cells }: WorkFigures, variant: string, harts: number, work = cells[0]!.work) =>
  cells.find((cell) => cell.variant === variant && cell.harts === harts && cell.work === work)!.throughput;

describe('kernels under the same work', () => {
  let first: BenchResult;
  beforeAll(async () => {
    first = await result({ benches: ['alloc', 'refs'], harts: [1, 4], pages: 8 });
  });

  it.runIf(isLongForm)('are found the same to the digit again', async () => {
    const { virtual } = await result({ benches: ['alloc'], harts: [4], pages: 8 });
    expect(virtual.alloc!.cells.length).toBeGreaterThan(1);
    expect(virtual.alloc!.cells).toEqual(first.virtual.alloc!.cells.filter(({ harts }) => harts === 4));
  });

  it('a free list for each hart beats one under one lock, and one hart alone finds both about as fast', () => {
    const alloc = first.virtual.alloc!;
    expect(throughput(alloc, 'per-hart', 4)).toBeGreaterThan(2 * throughput(alloc, 'one', 4));
    expect(throughput(alloc, 'per-hart', 1) / throughput(alloc, 'one', 1)).toBeGreaterThan(0.9);
    expect(throughput(alloc, 'per-hart', 4)).toBeGreaterThan(3.5 * throughput(alloc, 'per-hart', 1));
  });

  it('atomic counts beat one lock', () => {
    const refs = first.virtual.refs!;
    for (const harts of [1, 4])
      expect(throughput(refs, 'atomic', harts)).toBeGreaterThan(throughput(refs, 'one-lock', harts));
  });

  it('eager copies what exec throws away, so every other design beats it there', async () => {
    const cow = (await result({ benches: ['cow'], harts: [1] })).virtual.cow!;
    const designs = [...new Set(cow.cells.map(({ variant }) => variant))].filter((name) => name !== 'eager');
    expect(designs).toHaveLength(6);
    for (const design of designs)
      expect(throughput(cow, design, 1, 'fork-exec'), design).toBeGreaterThan(throughput(cow, 'eager', 1, 'fork-exec'));
    expect(new Set(cow.cells.map(({ work }) => work))).toEqual(
      new Set(['fork-exec', 'fork-write-all', 'fork-write-some']),
    );
  });
});

describe('a bench by a real clock', () => {
  it.runIf(isLongForm)('measures what it was asked for so often, and holds virtual time against it', async () => {
    const { measured, virtual } = await result({
      ...{ benches: ['locks'], harts: [1, 2], locks: ['mcs'], repetitions: 2 },
    });
    expect(measured.rows.map(({ what, harts, values }) => [what, harts, values.length])).toEqual([
      ['mcs', 1, 2],
      ['mcs', 2, 2],
    ]);
    for (const { least, median, most } of measured.rows) {
      expect(least).toBeGreaterThan(0);
      expect(median).toBeGreaterThanOrEqual(least);
      expect(most).toBeGreaterThanOrEqual(median);
    }
    const [row] = measured.model;
    const [one, two] = virtual.locks!.cells;
    expect(row!.virtual).toBe(two!.throughput / one!.throughput);
    expect(measured.nanosecondsPerCycle).toBeGreaterThan(0);
  });
});

it('a bench that is stopped has what it has, and says so', async () => {
  const run = new BenchRun({ ...BENCH_DEFAULTS, benches: ['alloc', 'explore'], harts: [1, 2] });
  const running = run.run();
  run.stop();
  await running;
  expect(run.result).toMatchObject({ interrupted: true, measured: { rows: [] } });
  expect(run.result.virtual.alloc).toBeUndefined();
});
