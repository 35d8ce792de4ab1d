import { describe, expect, it } from 'vitest';
import { LockOrder } from '../../src/races/lock-order.js';
import { findingsOf } from '../support/observe-toy.js';

describe('lock order', () => {
  it('finds the circle in a schedule that did not deadlock', async () => {
    const [circle] = await findingsOf((context) => new LockOrder(context), 'crossed');
    expect(circle!.summary).toContain('LOCK_B → LOCK_A → LOCK_B');
  });

  it('is silent when there is one lock', async () => {
    expect(await findingsOf((context) => new LockOrder(context), 'locked')).toEqual([]);
  });
});
