import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class DecrementThenLook extends PageMapLock {
  protected override drop(pa: number): boolean {
    this.subMap(pa);
    const last = this.getMap(pa) === 0;
    if (last) this.kalloc.kfree(pa);
    return last;
  }
}

export const decrementThenLook: Bug = {
  name: 'decrement-then-look',
  summary: 'decrement and test are two critical sections: two harts both see 0 and free the frame twice',
  explanation:
    'The count is decremented under the lock, and read again under the lock to see whether it has become 0. ' +
    'Between the two the lock is free. When the last two sharers let go at once, both have decremented before ' +
    'either looks, both see 0, and both put the frame on the free list. Every access is locked, so no race ' +
    'detector has anything to say; only the order is wrong.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['double-free'],
  scenario: 'fault-exit',
  source: { mistake: 2, published: pageMapLock.name },
  change: (sound) => ({ ...sound, Sharing: DecrementThenLook }),
};
