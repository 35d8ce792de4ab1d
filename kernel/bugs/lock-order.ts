import { panic } from '../kernel-panic.js';
import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class LockOrder extends PageMapLock {
  /** kmem.lock, then the lock of the counts. */
  override frameAllocated(pa: number): void {
    const { mem, spin } = this.cx;
    spin.acquire(this.lock);
    if (mem.load32(this.countAt(pa)) !== 0) panic('kalloc: somebody maps a free frame');
    spin.release(this.lock);
  }

  /** The lock of the counts, then kmem.lock. */
  protected override drop(pa: number): boolean {
    const { mem, spin } = this.cx;
    const count = this.countAt(pa);
    spin.acquire(this.lock);
    const left = mem.load32(count) - 1;
    mem.store32(count, left);
    if (left === 0) this.kalloc.kfree(pa);
    spin.release(this.lock);
    return left === 0;
  }
}

export const lockOrder: Bug = {
  name: 'lock-order',
  summary: 'kalloc looks at the count with kmem.lock held, drop calls kfree with the lock of the counts held',
  explanation:
    'Dropping the last mapping frees the frame with the lock of the counts still held, and kfree takes ' +
    'kmem.lock. kalloc, with kmem.lock held, takes the lock of the counts to make sure that nobody maps what ' +
    'it hands out. Two harts that do one each can hold one lock each and wait for the other for ever. Each of ' +
    'the two looks like care.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['deadlock', 'lock-order'],
  scenario: 'grow-shrink',
  source: { mistake: 16 },
  change: (sound) => ({ ...sound, Sharing: LockOrder }),
};
