import { panic } from '../kernel-panic.js';
import { FREE, HOLDER, HolderWordLocks, holderInLocked, PARKED } from './holder-word.js';
import type { LockFamily } from './lock.js';
import { spinlock } from './spinlock.js';

const { locked } = spinlock.fields;

/**
 * A waiter who has spun for a while parks: there may be more harts than cores, and then the holder may be waiting for the
 * core that the spinner burns (Drepper, "Futexes Are Tricky"). The word has `PARKED` beside the holder when somebody may be
 * parked on it.
 */
export class AdaptiveLocks extends HolderWordLocks {
  /** Times that a waiter sees the lock change hands before it parks although the lock is moving. */
  protected readonly patience: number = 8;

  acquire(lock: number): number {
    return this.tryTake(lock) === FREE ? 0 : this.wait(lock);
  }

  override release(lock: number): void {
    const { mem } = this;
    // Release: pairs with the compare-exchange of the next holder. An exchange, so that no PARKED set meanwhile is missed.
    if (locked.exchange(mem, lock, FREE) >= PARKED) mem.unpark(locked.at(lock), 1);
  }

  private wait(lock: number): number {
    const { mem } = this;
    const word = locked.at(lock);
    let mine = this.me;
    let { patience } = this;
    this.contended();
    for (let looks = 1; ; ) {
      const seen = locked.load(mem, lock);
      if (seen === FREE) {
        if (this.tryTake(lock, mine) === FREE) return looks;
        continue;
      }
      if ((seen & HOLDER) === this.me) panic('acquire');
      if (patience > 0) {
        looks += mem.spinWhile(word, seen);
        // Still the same holder after a full spin: it is not running, or it is long at it.
        patience = locked.load(mem, lock) === seen ? 0 : patience - 1;
        continue;
      }
      const parked = (seen | PARKED) >>> 0;
      if (seen === parked || this.mark(lock, seen, parked)) {
        mem.park(word, parked);
        // Others may still be parked: whoever has parked once takes the lock with the mark on.
        mine = (this.me | PARKED) >>> 0;
        patience = this.patience;
      }
    }
  }

  /** Whether the holder will now wake this hart: it may have let go meanwhile. */
  protected mark(lock: number, seen: number, parked: number): boolean {
    // Pairs with the exchange in `release`: either it sees the mark, or this fails.
    return locked.compareExchange(this.mem, lock, seen, parked) === seen;
  }
}

export const adaptive: LockFamily = {
  name: 'adaptive',
  summary: 'looks at the lock word for a while, then sleeps until the holder wakes it',
  Locks: AdaptiveLocks,
  holder: holderInLocked,
};
