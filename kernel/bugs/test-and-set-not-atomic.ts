import { FREE } from '../locks/holder-word.js';
import { spinlock } from '../locks/spinlock.js';
import { TestAndSetLocks, testAndSet } from '../locks/test-and-set.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { locked } = spinlock.fields;

class NotAtomic extends TestAndSetLocks {
  protected override tryTake(lock: number): number {
    const seen = locked.load(this.mem, lock);
    if (seen === FREE) locked.store(this.mem, lock, this.me);
    return seen;
  }
}

export const testAndSetNotAtomic: Bug = {
  name: 'test-and-set-not-atomic',
  summary: 'test-and-set by a load and a store: two harts find the lock free, and both take it',
  explanation:
    'The lock word is tested by a load and set by a store, with nothing that makes the two one step. Between them ' +
    'another hart can find the word free as well, and both are in the critical section: what each counts there the ' +
    'other does not see, and the first to let go finds the lock in the name of the other.',
  designs: everyDesign,
  lock: testAndSet.name,
  harmful: true,
  expected: ['wrong-result', 'panic', 'data-race'],
  scenario: 'three-at-a-lock',
  change: (sound) => ({ ...sound, lock: { ...sound.lock, Locks: NotAtomic } }),
};
