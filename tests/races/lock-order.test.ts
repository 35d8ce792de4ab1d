import { describe, expect, it } from 'vitest';
import { KernelEvent } from '../../src/memory/access.js';
import type { TraceEvent } from '../../src/memory/trace-event.js';
import { LockOrder } from '../../src/races/lock-order.js';
import { findingsOf, toyContext } from '../support/observe-toy.js';
import { note, watch } from '../support/trace-events.js';

const [A, B, C, G] = [0x8000_0100, 0x8000_0200, 0x8000_0300, 0x8000_0400];
const take = (hart: number, lock: number) => note(hart, KernelEvent.LockAcquired, lock);
const letGo = (hart: number, lock: number) => note(hart, KernelEvent.LockReleased, lock);

/** Takes the locks in this order, then lets them go. */
function nested(hart: number, ...locks: readonly number[]): TraceEvent[] {
  return [...locks.map((lock) => take(hart, lock)), ...locks.toReversed().map((lock) => letGo(hart, lock))];
}

function circles(...runs: readonly TraceEvent[][]): number {
  return watch(new LockOrder({ ...toyContext, harts: 3 }), runs.flat()).length;
}

describe('lock order', () => {
  it('finds the circle in a schedule that did not deadlock', async () => {
    const [circle] = await findingsOf((context) => new LockOrder(context), 'crossed');
    expect(circle!.summary).toContain('LOCK_B → LOCK_A → LOCK_B');
  });

  it('is silent when there is one lock', async () => {
    expect(await findingsOf((context) => new LockOrder(context), 'locked')).toEqual([]);
  });

  it('is a circle by two harts, or by three', () => {
    expect(circles(nested(0, A, B), nested(1, B, A))).toBe(1);
    expect(circles(nested(0, A, B), nested(1, B, C), nested(2, C, A))).toBe(1);
  });

  it('may be what it likes for one hart, which does not wait for itself', () => {
    expect(circles(nested(0, A, B), nested(0, B, A))).toBe(0);
    expect(circles(nested(0, A, B), nested(1, B, C), nested(0, C, A))).toBe(0);
    expect(circles(nested(0, A, B), nested(0, B, A), nested(1, A, B))).toBe(1);
  });

  it('is no matter under a lock that lets one hart in at a time', () => {
    expect(circles(nested(0, G, A, B), nested(1, G, B, A))).toBe(0);
    expect(circles(nested(0, G, A, B), nested(1, B, A))).toBe(1);
  });

  it('is told once, however often it is met', () => {
    expect(circles(nested(0, A, B), nested(1, B, A), nested(0, B, A), nested(1, A, B), nested(2, A, B))).toBe(1);
  });
});
