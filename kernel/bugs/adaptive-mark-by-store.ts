import { AdaptiveLocks, adaptive } from '../locks/adaptive.js';
import { spinlock } from '../locks/spinlock.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { locked } = spinlock.fields;

class MarkByStore extends AdaptiveLocks {
  /** Parks at once. */
  protected override readonly patience = 0;

  protected override mark(lock: number, _seen: number, parked: number): boolean {
    locked.store(this.mem, lock, parked);
    return true;
  }
}

export const adaptiveMarkByStore: Bug = {
  name: 'adaptive-mark-by-store',
  summary: 'a waiter parks at once, and marks the lock word by a store: the lock may have been let go meanwhile',
  explanation:
    'Before a waiter parks it marks the lock word, so that the holder wakes it. It stores the word as it saw it, with ' +
    'the mark. If the holder let go between the look and the store, the word says again that it holds the lock, which ' +
    'nobody does: the waiter sleeps, and the named holder finds, when it comes back, that it has the lock already.',
  designs: everyDesign,
  lock: adaptive.name,
  harmful: true,
  expected: ['deadlock', 'panic', 'wrong-result', 'data-race'],
  scenario: 'three-at-a-lock',
  change: (sound) => ({ ...sound, lock: { ...sound.lock, Locks: MarkByStore } }),
};
