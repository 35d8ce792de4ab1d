import { LockedCounts, oneLock } from '../page-sharing/counts/locked.js';
import type { Bug } from './bug.js';
import { countedDesigns } from './which-designs.js';

class OneLockForgotten extends LockedCounts {
  override increment(pa: number): void {
    this.change(pa, 1);
  }
}

export const oneLockForgotten: Bug = {
  name: 'one-lock-forgotten',
  summary: 'decrements hold the lock of all counts, increments do not: "it can only grow"',
  explanation:
    'The decrement decides who frees the page, so it holds the lock; the increment decides nothing, so it does without. ' +
    'But it loads, adds and stores, and a decrement that another hart makes in between is overwritten, or overwrites it.',
  designs: countedDesigns,
  refs: oneLock.name,
  harmful: true,
  expected: ['use-after-free', 'double-free', 'ledger', 'content', 'data-race'],
  scenario: 'fork-exit',
  change: (sound) => ({ ...sound, counting: { ...oneLock, Counts: OneLockForgotten } }),
};
