import { describe, expect, it } from 'vitest';
import { lockFamilies } from '../../../kernel/locks/families.js';
import { lockExplanations } from '../../../src/app/bench/lock-explanation.js';
import { lockTheory } from '../../../src/app/bench/lock-theory.js';
import { lockCell } from './results.js';

const sentence = (lock: string, throughputs: readonly number[]) =>
  lockExplanations(throughputs.map((throughput, i) => lockCell(lock, 2 ** i, throughput)))[0]!;

describe('what is said of a lock', () => {
  it('is that it collapses, by how much, and why in theory', () => {
    const { why } = lockTheory.ticket!;
    expect(sentence('ticket', [900, 1000, 500, 250])).toBe(
      `ticket collapses: 250 acquisitions per million cycles with 8 harts, 25 % of its best (2 harts); each further hart makes an acquisition 500 cycles longer. In theory, because ${why}`,
    );
  });

  it('is that it stays flat, which a hart alone tells nothing of', () => {
    expect(sentence('mcs', [5000, 900, 950, 940])).toMatch(
      /^mcs stays flat: 940 acquisitions per million cycles with 8 harts, 99 % of its best \(4 harts\)\. In theory, because/,
    );
  });

  it('is never a theory that the figures contradict', () => {
    expect(sentence('mcs', [900, 900, 90])).toMatch(/Theory expects it to stay flat, which these figures do not show$/);
    expect(sentence('ticket', [900, 900, 900])).toMatch(
      /Theory expects it to collapse, which these figures do not show$/,
    );
    // Between the two, there is none.
    expect(sentence('ticket', [900, 900, 600])).not.toMatch(/[Tt]heory/);
  });

  it('is nothing by one number of harts', () => {
    expect(sentence('mcs', [900, 900])).toMatch(/takes two numbers of harts/);
  });
});

it('there is a theory of every lock', () => {
  expect(Object.keys(lockTheory).sort()).toEqual(lockFamilies.map(({ name }) => name).sort());
});
