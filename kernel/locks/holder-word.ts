import type { SharedAccess } from '../../src/memory/access.js';
import type { Contended, HartLocks } from './lock.js';
import type { QueueNodes } from './queue-nodes.js';
import { spinlock } from './spinlock.js';

const { locked } = spinlock.fields;

export const FREE = 0;
/** Beside the holder, for adaptive locks: somebody may be parked on the word. */
export const PARKED = 0x8000_0000;
export const HOLDER = 0x7fff_ffff;

/** Families that have the holder in the word `locked`, and whose locks a store of FREE lets go. */
export abstract class HolderWordLocks implements HartLocks {
  /** What the word holds while the lock is this hart's. */
  protected readonly me: number;

  constructor(
    protected readonly mem: SharedAccess,
    hart: number,
    _nodes: QueueNodes,
    protected readonly contended: Contended,
  ) {
    this.me = hart + 1;
  }

  abstract acquire(lock: number): number;

  release(lock: number): void {
    // Release: pairs with the compare-exchange by which the next holder takes the lock.
    locked.store(this.mem, lock, FREE);
  }

  holding(lock: number): boolean {
    return (locked.load(this.mem, lock) & HOLDER) === this.me;
  }

  /** Takes the lock if it is free. What the word held; a failed try leaves it, so that it always names the holder. */
  protected tryTake(lock: number, mine = this.me): number {
    // Acquire: pairs with the release, so that the holder sees all that earlier holders wrote.
    return locked.compareExchange(this.mem, lock, FREE, mine);
  }
}

/** The hart that the word `locked` names. */
export function holderInLocked(mem: SharedAccess, lock: number): number | undefined {
  const holder = locked.load(mem, lock) & HOLDER;
  return holder === FREE ? undefined : holder - 1;
}
