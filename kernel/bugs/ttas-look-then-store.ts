import { spinlock } from '../locks/spinlock.js';
import { TtasLocks, ttasBackoff } from '../locks/ttas-backoff.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { locked } = spinlock.fields;

class LookThenStore extends TtasLocks {
  protected override takeSeenFree(lock: number): boolean {
    locked.store(this.mem, lock, this.me);
    return true;
  }
}

export const ttasLookThenStore: Bug = {
  name: 'ttas-look-then-store',
  summary: 'test-and-test-and-set without the second test: a waiter that has seen the lock free stores its name',
  explanation:
    'Whoever finds the lock free at once takes it by compare-exchange. But a waiter that has looked until the word was ' +
    'free takes that for the permission to store into it. Two who wait see the same word free, or somebody new takes ' +
    'the lock between the look and the store, and two harts are in the critical section. It takes two who want a lock ' +
    'that a third has, or returns to.',
  designs: everyDesign,
  lock: ttasBackoff.name,
  harmful: true,
  expected: ['wrong-result', 'panic', 'data-race'],
  scenario: 'three-at-a-lock',
  change: (sound) => ({ ...sound, lock: { ...sound.lock, Locks: LookThenStore } }),
};
