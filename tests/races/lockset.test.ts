import { describe, expect, it } from 'vitest';
import { Lockset } from '../../src/races/lockset.js';
import { findingsOf } from '../support/observe-toy.js';

describe('lockset', () => {
  it('tells of an access without the declared lock, as advice', async () => {
    const [alarm] = await findingsOf((context) => new Lockset(context), 'unlocked');
    expect(alarm).toMatchObject({ kind: 'lockset', advisory: true });
  });

  it('is silent when the lock is held', async () => {
    expect(await findingsOf((context) => new Lockset(context), 'locked')).toEqual([]);
  });
});
