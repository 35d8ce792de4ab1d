import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compared, comparisonText, readBenchFile } from '../../../src/app/bench/compare.js';
import { emptyFolder } from '../../support/files.js';
import { benchResult, lockCell, measuredRow } from './results.js';

const before = benchResult(
  [lockCell('mcs', 8, 900), lockCell('ticket', 8, 500)],
  [measuredRow('locks', 'mcs', 1, [10, 12, 11])],
);

describe('a comparison with an earlier run', () => {
  it('tells of any figure of virtual time that is not the same to the digit', () => {
    const now = benchResult([lockCell('mcs', 8, 900), lockCell('ticket', 8, 500.001), lockCell('clh', 8, 1)]);
    const { virtual, compared: count } = compared(before, now);
    expect(virtual).toEqual([{ what: 'locks ticket, 8 harts', unit: 'per million cycles', before: 500, now: 500.001 }]);
    // Throughput and wait of the two locks that are in both.
    expect(count).toBe(4);
  });

  it('tells of what was measured where the spreads lie apart, and of nothing else', () => {
    const now = (values: readonly number[]) =>
      compared(before, benchResult([], [measuredRow('locks', 'mcs', 1, values)]));
    expect(now([12, 20, 30]).measured).toEqual([]);
    expect(now([13, 20, 30]).measured).toEqual([
      { what: 'locks mcs, 1 harts', unit: 'acquisitions/s', before: 11, now: 20 },
    ]);
    expect(now([9, 8, 7]).measured).toHaveLength(1);
  });

  it('does not compare virtual time that had other costs', () => {
    const now = benchResult([lockCell('mcs', 8, 1)]);
    const dear = { ...now, virtual: { ...now.virtual, costs: { ...now.virtual.costs, transfer: 400 } } };
    expect(compared(before, dear)).toMatchObject({ virtual: [], otherTerms: true });
    expect(comparisonText(compared(before, dear), 'a.json')).toContain('virtual time was not compared');
  });

  it('says so when nothing has changed', () => {
    expect(comparisonText(compared(before, before), 'a.json')).toBe(
      'against a.json: 5 figures are in both\nnothing has changed',
    );
  });
});

describe('a file to compare with', () => {
  const folder = emptyFolder();
  const file = (text: string) => {
    const path = join(folder, 'earlier.json');
    writeFileSync(path, text);
    return path;
  };

  it('is what the command printed', () => {
    expect(readBenchFile(file(JSON.stringify(before)))).toEqual(before);
  });

  it.each([
    [
      'of another version',
      JSON.stringify({ ...before, format: 99 }),
      'was written by another version (99, this one reads',
    ],
    ['cut short', JSON.stringify(before).slice(0, -10), 'is damaged: it is no JSON'],
    ['something else', '[1, 2]', 'is no result of bench --json'],
    ['without its rows', JSON.stringify({ ...before, measured: {} }), 'is damaged: make it anew'],
    [
      'with a word for a figure',
      JSON.stringify(before).replace('"throughput":900', '"throughput":"x"'),
      'is damaged: make',
    ],
  ])('is refused when it is %s', (_what, text, problem) => {
    expect(() => readBenchFile(file(text))).toThrow(problem);
  });

  it('is refused when it is not there', () => {
    expect(() => readBenchFile(join(folder, 'none.json'))).toThrow(/^cannot read .*none\.json: ENOENT$/);
  });
});
