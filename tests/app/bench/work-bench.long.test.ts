import { beforeAll, describe, expect, it } from 'vitest';
import { BENCH_DEFAULTS, BenchRun } from '../../../src/app/bench/bench-run.js';
import type { BenchResult, WorkFigures } from '../../../src/app/bench/result.js';

const HARTS = 16;
/** After which it hangs rather than works, on however slow a machine. */
const LONGEST_MS = 900_000;
const throughput = ({ cells }: WorkFigures, variant: string) =>
  cells.find((cell) => cell.variant === variant && cell.harts === HARTS)!.throughput;

describe('kernels of many harts, as the textbooks have it', () => {
  let result: BenchResult;
  beforeAll(async () => {
    const run = new BenchRun({
      ...BENCH_DEFAULTS,
      ...{ benches: ['alloc', 'refs', 'fork'], harts: [1, 2, HARTS], locks: ['adaptive'], repetitions: 2 },
    });
    await run.run();
    result = run.result;
  }, LONGEST_MS);

  it('a free list for each hart beats one under one lock', () => {
    const alloc = result.virtual.alloc!;
    expect(throughput(alloc, 'per-hart')).toBeGreaterThan(3.5 * throughput(alloc, 'one'));
  });

  it('atomic counts beat one lock', () => {
    const refs = result.virtual.refs!;
    expect(throughput(refs, 'atomic')).toBeGreaterThan(1.5 * throughput(refs, 'one-lock'));
  });

  it('fork is held against this host', () => {
    expect(result.measured.model.map(({ bench, what }) => `${bench} ${what}`)).toEqual(['fork adaptive']);
  });
});
