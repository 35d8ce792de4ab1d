import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endMachines, giveBack, takeThreads } from '../../src/app/explore-threads.js';

// Other tests of this process may have left some that are idle.
beforeEach(() => endMachines());
afterEach(() => endMachines());

describe('threads that explore', () => {
  it('serve whoever comes next and wants as many', async () => {
    const threads = takeThreads(1);
    await giveBack(threads);
    const others = takeThreads(2);
    expect(others).not.toBe(threads);
    expect(takeThreads(1)).toBe(threads);
    await giveBack(threads);
    await giveBack(others);
  });

  it('serve one at a time', async () => {
    const [first, second] = [takeThreads(1), takeThreads(1)];
    expect(second).not.toBe(first);
    await giveBack(first);
    await giveBack(second);
  });

  it('end when nobody uses them and that is asked for', async () => {
    const threads = takeThreads(1);
    expect(threads.threads).toHaveLength(1);
    await giveBack(threads);
    await endMachines();
    expect(threads.threads).toHaveLength(0);
    const anew = takeThreads(1);
    expect(anew).not.toBe(threads);
    await giveBack(anew);
  });
});
