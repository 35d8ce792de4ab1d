import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../../src/memory/package-root.js';
import { equivalents } from './equivalent.js';
import { mutantsOf } from './mutants.js';

const mutants = mutantsOf(new URL('dist/', PACKAGE_ROOT));

describe('the mutants of the kernel', () => {
  it('are some hundred, each with an id of its own, and by every operator there is', () => {
    expect(mutants.length).toBeGreaterThan(250);
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length);
    const operators = [...new Set(mutants.map(({ operator }) => operator))].toSorted();
    expect(operators).toEqual([
      'early-release',
      'late-acquire',
      'lock-away',
      'no-flush',
      'no-recheck',
      'no-undo',
      'no-wakeup',
      'plain-for-atomic',
      'swap',
    ]);
  });

  it('name a line of a source', () => {
    for (const { place } of mutants) expect(place).toMatch(/^kernel\/[\w/-]+\.ts:\d+$/);
  });

  it('that are listed as equivalent are still there: a function that was changed has to be thought about again', () => {
    const known = new Set(mutants.map(({ id }) => id));
    expect(equivalents.filter(({ id }) => !known.has(id))).toEqual([]);
    expect(new Set(equivalents.map(({ id }) => id)).size).toBe(equivalents.length);
    for (const { why } of equivalents) expect(why).toMatch(/^\S.{20,}\S$/);
  });
});
