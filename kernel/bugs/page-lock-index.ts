import { array } from '../../src/memory/struct.js';
import { spinlock } from '../locks/spinlock.js';
import { frameNumber } from '../page-sharing/entries.js';
import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

const LOCKS = 16;
/** Bits by which a frame number has been shifted too far. */
const EXTRA_SHIFT = 3;

const pageLocks = array(spinlock, LOCKS);

class PageLockIndex extends PageMapLock {
  protected override addMap(pa: number): void {
    const { mem, spin } = this.cx;
    const count = this.countAt(pa);
    const lock = this.lockAt(frameNumber(pa) % LOCKS);
    spin.acquire(lock);
    mem.store32(count, mem.load32(count) + 1);
    spin.release(lock);
  }

  protected override subMap(pa: number): number {
    const { mem, spin } = this.cx;
    const count = this.countAt(pa);
    const lock = this.lockAt((frameNumber(pa) >>> EXTRA_SHIFT) % LOCKS);
    spin.acquire(lock);
    const left = mem.load32(count) - 1;
    mem.store32(count, left);
    spin.release(lock);
    return left;
  }

  private lockAt(index: number): number {
    return this.cx.layout.extra + index * spinlock.size;
  }
}

export const pageLockIndex: Bug = {
  name: 'page-lock-index',
  summary: 'a lock for each page, found by the wrong bits of its address: two harts lock one page by two locks',
  explanation:
    'The one lock of all counts was made an array of locks, indexed by the page number, so that harts need not ' +
    'wait for one another. One of the two functions shifts the address by 15 instead of 12, as if pages were ' +
    '32 KiB. Increments and decrements of one frame then hold two different locks, except for the few frames ' +
    'where both indexes happen to agree, which is why it passes the first tests.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['use-after-free', 'double-free', 'ledger', 'content'],
  scenario: 'fork-exit',
  change: (sound) => ({ ...sound, Sharing: PageLockIndex }),
  reserve(area) {
    const address = area.place('pageLocks', pageLocks);
    for (let i = 0; i < LOCKS; i++) area.lock('pageLocks', address + i * spinlock.size);
    return address;
  },
};
