import { panic } from '../kernel-panic.js';
import { FREE, HolderWordLocks, holderInLocked } from './holder-word.js';
import type { LockFamily } from './lock.js';
import { spinlock } from './spinlock.js';

const { locked } = spinlock.fields;

/** Tries in a row before the core is given away, about as many as a spinning reader looks. */
const PATIENCE = 500;

export class TestAndSetLocks extends HolderWordLocks {
  acquire(lock: number): number {
    const { mem } = this;
    const word = locked.at(lock);
    for (let tries = 0; ; tries++) {
      const seen = this.tryTake(lock);
      if (seen === FREE) return tries;
      if (seen === this.me) panic('acquire');
      if (tries === 0) this.contended();
      // No look of its own in between: the next try is the look.
      mem.spinWhile(word, seen, 0);
      if (tries % PATIENCE === PATIENCE - 1) mem.pause(word, seen);
    }
  }
}

export const testAndSet: LockFamily = {
  name: 'test-and-set',
  summary: 'every look is an atomic try to take the lock word',
  Locks: TestAndSetLocks,
  holder: holderInLocked,
};
