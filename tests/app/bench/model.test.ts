import { expect, it } from 'vitest';
import { modelRows } from '../../../src/app/bench/model.js';
import { benchResult, lockCell, measuredRow } from './results.js';

const { virtual } = benchResult([lockCell('mcs', 1, 1000), lockCell('mcs', 2, 1500), lockCell('clh', 1, 1000)]);

it('virtual time is held against the ratios of measurements that were made side by side', () => {
  const rows = [measuredRow('locks', 'mcs', 1, [100, 200, 400]), measuredRow('locks', 'mcs', 2, [200, 200, 800])];
  const [row, ...more] = modelRows(virtual, rows, 0.5);
  expect(more).toEqual([]);
  expect(row).toMatchObject({ bench: 'locks', what: 'mcs', virtual: 1.5, error: -0.25 });
  expect(row!.real.values).toEqual([2, 1, 2]);
  // 1000 cycles each, of half a nanosecond; and 200 in a second.
  expect(row!.virtualNanoseconds).toBe(500);
  expect(row!.realNanoseconds).toBe(5_000_000);
});

it('nothing is said of what only one of them has', () => {
  expect(modelRows(virtual, [measuredRow('locks', 'mcs', 1, [100])], 1)).toEqual([]);
});
