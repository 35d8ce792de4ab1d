import { panic } from '../kernel-panic.js';
import { FREE, HolderWordLocks, holderInLocked } from './holder-word.js';
import type { LockFamily } from './lock.js';
import { spinlock } from './spinlock.js';

const { locked } = spinlock.fields;

/** How long a hart stays away from the word after it has lost a try, in rounds of an empty loop: twice as long each time. */
const BACK_OFF = { first: 32, most: 4096 } as const;

/** Test-and-test-and-set with exponential back-off (Anderson, "The Performance of Spin Lock Alternatives", 1990). */
export class TtasLocks extends HolderWordLocks {
  acquire(lock: number): number {
    return this.tryTake(lock) === FREE ? 0 : this.wait(lock);
  }

  /** The word was seen free. Whether the lock is now this hart's: another may have been quicker. */
  protected takeSeenFree(lock: number): boolean {
    return this.tryTake(lock) === FREE;
  }

  private wait(lock: number): number {
    const { mem } = this;
    const word = locked.at(lock);
    let away: number = BACK_OFF.first;
    let before = FREE;
    this.contended();
    for (let looks = 1; ; ) {
      const seen = locked.load(mem, lock);
      if (seen === this.me) panic('acquire');
      if (seen === FREE) {
        if (this.takeSeenFree(lock)) return looks;
        mem.delay(away);
        away = Math.min(2 * away, BACK_OFF.most);
      } else if (seen === before) mem.pause(word, seen);
      else looks += mem.spinWhile(word, seen);
      // The same holder after a full spin: it may have no core. After the pause, another full spin.
      before = seen === before ? FREE : seen;
    }
  }
}

export const ttasBackoff: LockFamily = {
  name: 'ttas-backoff',
  summary: 'looks until the lock word is free and tries then; who loses a try stays away, twice as long each time',
  Locks: TtasLocks,
  holder: holderInLocked,
};
