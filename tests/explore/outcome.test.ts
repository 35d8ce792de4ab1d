import { describe, expect, it } from 'vitest';
import { differences, keyOf, type Outcome } from '../../src/explore/outcome.js';

const outcome: Outcome = [
  { about: 'a word', of: 'LEFT', is: '1' },
  { about: 'a word', of: 'RIGHT', is: '2' },
  { about: 'a lock', of: 'LEFT', is: 'free' },
];

describe('an outcome', () => {
  it('has a key that tells it from every other', () => {
    expect(keyOf(outcome)).toBe(keyOf(structuredClone(outcome)));
    const others = [
      outcome.slice(1),
      outcome.map((fact, i) => (i === 0 ? { ...fact, is: '2' } : fact)),
      outcome.map((fact, i) => (i === 0 ? { ...fact, of: 'COUNTER' } : fact)),
      outcome.map((fact, i) => (i === 0 ? { ...fact, about: 'a lock' } : fact)),
    ];
    expect(new Set([outcome, ...others].map(keyOf)).size).toBe(5);
  });

  it('parts from another in what either lacks, and in what both have and is not the same', () => {
    const other: Outcome = [
      { about: 'a word', of: 'RIGHT', is: '3' },
      { about: 'a lock', of: 'LEFT', is: 'free' },
      { about: 'a lock', of: 'RIGHT', is: 'held' },
    ];
    expect(differences(outcome, other)).toEqual([
      { about: 'a word', of: 'LEFT', is: '1' },
      { about: 'a word', of: 'RIGHT', is: '2', other: '3' },
      { about: 'a lock', of: 'RIGHT', other: 'held' },
    ]);
    expect(differences(outcome, outcome)).toEqual([]);
  });
});
