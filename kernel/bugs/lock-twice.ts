import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class LockTwice extends PageMapLock {
  protected override subMap(pa: number): number {
    const { mem, spin } = this.cx;
    const count = this.countAt(pa);
    spin.acquire(this.lock);
    mem.store32(count, mem.load32(count) - 1);
    const left = this.getMap(pa);
    spin.release(this.lock);
    return left;
  }
}

export const lockTwice: Bug = {
  name: 'lock-twice',
  summary: 'a function that holds the lock of the counts calls one that takes it',
  explanation:
    'subMap decrements with the lock held and then asks getMap, which takes the same lock, for what is left. A ' +
    'spinlock that its own hart holds never becomes free: the hart waits for itself. It happens the first ' +
    "time, on one hart, and xv6's acquire turns it into a panic.",
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['panic'],
  scenario: 'fault-exit',
  source: { mistake: 16 },
  change: (sound) => ({ ...sound, Sharing: LockTwice }),
};
