import type { SharedAccess } from '../../src/memory/access.js';
import { panic } from '../kernel-panic.js';
import { FREE, holderInLocked } from './holder-word.js';
import type { HartLocks, LockFamily } from './lock.js';
import { spinlock } from './spinlock.js';

const { locked } = spinlock.fields;

/** How long a hart stays away from the word after it has lost a try, in rounds of an empty loop: twice as long each time. */
const BACK_OFF = { first: 32, most: 4096 } as const;

/** Test-and-test-and-set with exponential back-off (Anderson, "The Performance of Spin Lock Alternatives", 1990). */
export class TtasLocks implements HartLocks {
  protected readonly me: number;

  constructor(
    protected readonly mem: SharedAccess,
    hart: number,
  ) {
    this.me = hart + 1;
  }

  acquire(lock: number): number {
    // Acquire: pairs with the store in `release`, so that the holder sees all that earlier holders wrote.
    return locked.compareExchange(this.mem, lock, FREE, this.me) === FREE ? 0 : this.wait(lock);
  }

  release(lock: number): void {
    // Release: pairs with the compare-exchanges in `acquire` and `takeSeenFree`.
    locked.store(this.mem, lock, FREE);
  }

  holding(lock: number): boolean {
    return locked.load(this.mem, lock) === this.me;
  }

  /** The word was seen free. Whether the lock is now this hart's: another may have been quicker. */
  protected takeSeenFree(lock: number): boolean {
    // Acquire: pairs with the store in `release`.
    return locked.compareExchange(this.mem, lock, FREE, this.me) === FREE;
  }

  private wait(lock: number): number {
    const { mem } = this;
    const word = locked.at(lock);
    let away: number = BACK_OFF.first;
    let before = FREE;
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
