import { describe, expect, it } from 'vitest';
import { HappensBefore } from '../../src/races/happens-before.js';
import { findingsOf } from '../support/observe-toy.js';

describe('happens-before', () => {
  it('names the word of a data race even in a schedule where nothing went wrong', async () => {
    const [race] = await findingsOf((context) => new HappensBefore(context), 'unlocked');
    expect(race).toMatchObject({ kind: 'data-race', events: [1, 2] });
    expect(race!.summary).toContain('COUNTER');
  });

  it('is silent when a lock orders the accesses', async () => {
    expect(await findingsOf((context) => new HappensBefore(context), 'locked')).toEqual([]);
  });
});
