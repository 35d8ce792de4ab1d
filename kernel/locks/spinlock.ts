import { KernelEvent, type SharedAccess } from '../../src/memory/access.js';
import { atomic32, struct, u64 } from '../../src/memory/struct.js';
import { panic } from '../kernel-panic.js';

/**
 * A mutual exclusion lock, as xv6's, except that a waiter who has spun for a while parks: there may be more harts than
 * cores, and then the holder may be waiting for the core that the spinner burns (Drepper, "Futexes Are Tricky").
 */
export const spinlock = struct('spinlock', {
  /** 0: free. Otherwise the holder's hart number plus one; `PARKED` beside it when somebody may be parked on the word. */
  locked: atomic32,
  // Statistics. The lock itself guards them.
  acquisitions: u64,
  /** Acquisitions that found the lock taken. */
  contended: u64,
  /** Looks at the word while it was taken. */
  spins: u64,
});

const FREE = 0;
const PARKED = 0x8000_0000;
const HOLDER = 0x7fff_ffff;
/** Times that a waiter sees the lock change hands before it parks although the lock is moving. */
const PATIENCE = 8;

const { locked, acquisitions, contended, spins } = spinlock.fields;

/** The hart that holds the lock whose word has this value, for reports. */
export function lockHolder(word: number): number | undefined {
  const holder = word & HOLDER;
  return holder === FREE ? undefined : holder - 1;
}

/** The locks as one hart takes them. A lock is named by its address. */
export class Spinlocks {
  /** Locks that this hart holds (xv6's noff): must be 0 whenever it leaves the kernel. */
  held = 0;
  private readonly me: number;
  /** Looks of the acquisition under way. */
  private looks = 0;

  constructor(
    private readonly mem: SharedAccess,
    hart: number,
  ) {
    this.me = hart + 1;
  }

  /** Waits until the lock is free and takes it. Panics when this hart holds it already. */
  acquire(lock: number): void {
    const mem = this.mem;
    mem.note(KernelEvent.LockWanted, lock, 0);
    // Acquire: pairs with the exchange in `release`, so that the holder sees all that earlier holders wrote.
    if (locked.compareExchange(mem, lock, FREE, this.me) !== FREE) {
      this.wait(lock);
      mem.count64(lock + contended.offset, 1);
      mem.count64(lock + spins.offset, this.looks);
    }
    this.held++;
    mem.count64(lock + acquisitions.offset, 1);
    mem.note(KernelEvent.LockAcquired, lock, 0);
  }

  /** Panics when this hart does not hold the lock. */
  release(lock: number): void {
    const mem = this.mem;
    if (!this.holding(lock)) panic('release');
    mem.note(KernelEvent.LockReleased, lock, 0);
    this.held--;
    // Release: pairs with the compare-exchange in `acquire`. An exchange, so that no PARKED set meanwhile is missed.
    if (locked.exchange(mem, lock, FREE) >= PARKED) mem.unpark(locked.at(lock), 1);
  }

  /** Whether this hart holds the lock. */
  holding(lock: number): boolean {
    return (locked.load(this.mem, lock) & HOLDER) === this.me;
  }

  private wait(lock: number): void {
    const mem = this.mem;
    const word = locked.at(lock);
    let mine = this.me;
    let patience = PATIENCE;
    this.looks = 0;
    for (;;) {
      const seen = locked.load(mem, lock);
      if (seen === FREE) {
        if (locked.compareExchange(mem, lock, FREE, mine) === FREE) return;
        continue;
      }
      if ((seen & HOLDER) === this.me) panic('acquire');
      if (patience > 0) {
        this.looks += mem.spinWhile(word, seen);
        // Still the same holder after a full spin: it is not running, or it is long at it.
        patience = locked.load(mem, lock) === seen ? 0 : patience - 1;
        continue;
      }
      const parked = (seen | PARKED) >>> 0;
      if (seen === parked || locked.compareExchange(mem, lock, seen, parked) === seen) {
        mem.park(word, parked);
        // Others may still be parked: whoever has parked once takes the lock with the mark on.
        mine = (this.me | PARKED) >>> 0;
        patience = PATIENCE;
      }
    }
  }
}
