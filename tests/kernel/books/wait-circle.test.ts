import { describe, expect, it } from 'vitest';
import { circleOf, DeadlockWatch, type Waiter } from '../../../kernel/books/wait-circle.js';

const wait = (hart: number, holder: number, lock = 0x1000 + holder, waits = 1): Waiter => ({
  hart,
  holder,
  lock,
  waits,
});

describe('harts that wait for one another', () => {
  it.each([
    ['two', [wait(0, 1), wait(1, 0)], [0, 1]],
    ['three, with one that only waits for them', [wait(0, 2), wait(1, 2), wait(2, 3), wait(3, 1)], [1, 2, 3]],
    ['one that waits for itself', [wait(2, 2)], [2]],
  ])('are found: %s', (_what, waiters, harts) => {
    expect(circleOf(waiters).map(({ hart }) => hart)).toEqual(harts);
  });

  it.each([
    ['nobody', []],
    ['a chain', [wait(0, 1), wait(1, 2)]],
    ['two who wait for a third', [wait(0, 2), wait(1, 2)]],
  ])('are not: %s', (_what, waiters) => {
    expect(circleOf(waiters)).toEqual([]);
  });
});

describe('a watch for deadlocks', () => {
  const looks = (...pictures: Waiter[][]) => {
    const watch = new DeadlockWatch(() => pictures.shift()!);
    return [...pictures].map(() => watch.look().map(({ hart }) => hart));
  };

  it('tells of a circle that two looks have seen, for what one look sees need not have been at one moment', () => {
    const circle = [wait(0, 1), wait(1, 0)];
    expect(looks(circle, circle)).toEqual([[], [0, 1]]);
  });

  it.each([
    ['another wait for the same lock', wait(1, 0, 0x1000, 2)],
    ['a wait for another lock', wait(1, 0, 0x2000)],
  ])('tells of none when in between there was %s', (_what, other) => {
    const [first, second] = [wait(0, 1), wait(1, 0)];
    expect(looks([first, second], [first, other], [first, second])).toEqual([[], [], []]);
  });
});
