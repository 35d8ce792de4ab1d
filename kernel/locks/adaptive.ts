import type { SharedAccess } from '../../src/memory/access.js';
import { panic } from '../kernel-panic.js';
import { FREE, HOLDER, holderInLocked, PARKED } from './holder-word.js';
import type { HartLocks, LockFamily } from './lock.js';
import { spinlock } from './spinlock.js';

const { locked } = spinlock.fields;

/**
 * A waiter who has spun for a while parks: there may be more harts than cores, and then the holder may be waiting for the
 * core that the spinner burns (Drepper, "Futexes Are Tricky"). The word has `PARKED` beside the holder when somebody may be
 * parked on it.
 */
export class AdaptiveLocks implements HartLocks {
  /** Times that a waiter sees the lock change hands before it parks although the lock is moving. */
  protected readonly patience: number = 8;
  private readonly me: number;

  constructor(
    protected readonly mem: SharedAccess,
    hart: number,
  ) {
    this.me = hart + 1;
  }

  acquire(lock: number): number {
    // Acquire: pairs with the exchange in `release`, so that the holder sees all that earlier holders wrote.
    return locked.compareExchange(this.mem, lock, FREE, this.me) === FREE ? 0 : this.wait(lock);
  }

  release(lock: number): void {
    const { mem } = this;
    // Release: pairs with the compare-exchange in `acquire`. An exchange, so that no PARKED set meanwhile is missed.
    if (locked.exchange(mem, lock, FREE) >= PARKED) mem.unpark(locked.at(lock), 1);
  }

  holding(lock: number): boolean {
    return (locked.load(this.mem, lock) & HOLDER) === this.me;
  }

  private wait(lock: number): number {
    const { mem } = this;
    const word = locked.at(lock);
    let mine = this.me;
    let { patience } = this;
    for (let looks = 1; ; ) {
      const seen = locked.load(mem, lock);
      if (seen === FREE) {
        if (locked.compareExchange(mem, lock, FREE, mine) === FREE) return looks;
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
