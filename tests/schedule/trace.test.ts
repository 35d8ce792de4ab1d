import { afterAll, describe, expect, it } from 'vitest';
import { Op, Order } from '../../src/memory/trace-event.js';
import { plainPlan } from '../../src/schedule/plan.js';
import { GUEST_FENCE, toyWords } from '../support/toy-duels.js';
import { ToyMachine } from '../support/toy-machine.js';

const { LOCK_A, COUNTER, RIGHT } = toyWords;
const { Relaxed, Acquire, Release, Sequential } = Order;

describe('the trace', () => {
  const toy = new ToyMachine('guest');
  afterAll(() => toy.close());

  it('has guest code with its atomic accesses and fences, told from those of the supervisor', () => {
    const { trace } = toy.run(plainPlan(2));
    expect(trace).toEqual(
      [
        { op: Op.AtomicLoad, step: 0, address: LOCK_A, value: 0, after: 0, size: 4, order: Acquire },
        { op: Op.AtomicUpdate, step: 1, address: LOCK_A, value: 0, after: 1, size: 4, order: Relaxed },
        { op: Op.AtomicUpdate, step: 2, address: COUNTER, value: 0, after: 5, size: 8, order: Acquire | Release },
        { op: Op.Fence, step: 3, address: 0, value: 0, after: 0, size: 0, order: GUEST_FENCE },
        { op: Op.Store, step: 3, address: LOCK_A, value: 0, after: 0, size: 4, order: Relaxed },
        { op: Op.AtomicUpdate, step: 4, address: RIGHT, value: 0, after: 3, size: 4, order: Sequential },
      ].map((event) => ({ ...event, hart: 0, note: 0 })),
    );
  });
});
