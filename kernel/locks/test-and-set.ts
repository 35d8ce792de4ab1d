import type { SharedAccess } from '../../src/memory/access.js';
import { panic } from '../kernel-panic.js';
import { FREE, holderInLocked } from './holder-word.js';
import type { HartLocks, LockFamily } from './lock.js';
import { spinlock } from './spinlock.js';

const { locked } = spinlock.fields;

/** Tries in a row before the core is given away, about as many as a spinning reader looks. */
const PATIENCE = 500;

export class TestAndSetLocks implements HartLocks {
  protected readonly me: number;

  constructor(
    protected readonly mem: SharedAccess,
    hart: number,
  ) {
    this.me = hart + 1;
  }

  acquire(lock: number): number {
    const { mem } = this;
    const word = locked.at(lock);
    for (let tries = 0; ; tries++) {
      const seen = this.testAndSet(lock);
      if (seen === FREE) return tries;
      if (seen === this.me) panic('acquire');
      // No look of its own in between: the next try is the look.
      mem.spinWhile(word, seen, 0);
      if (tries % PATIENCE === PATIENCE - 1) mem.pause(word, seen);
    }
  }

  release(lock: number): void {
    // Release: pairs with `testAndSet`.
    locked.store(this.mem, lock, FREE);
  }

  holding(lock: number): boolean {
    return locked.load(this.mem, lock) === this.me;
  }

  /** Takes the lock if it is free. What the word held; a failed try leaves it, so that it always names the holder. */
  protected testAndSet(lock: number): number {
    // Acquire: pairs with the store in `release`, so that the holder sees all that earlier holders wrote.
    return locked.compareExchange(this.mem, lock, FREE, this.me);
  }
}

export const testAndSet: LockFamily = {
  name: 'test-and-set',
  summary: 'every look is an atomic try to take the lock word',
  Locks: TestAndSetLocks,
  holder: holderInLocked,
};
