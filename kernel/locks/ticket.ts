import type { SharedAccess } from '../../src/memory/access.js';
import { panic } from '../kernel-panic.js';
import type { Contended, HartLocks, LockFamily } from './lock.js';
import type { QueueNodes } from './queue-nodes.js';
import { spinlock } from './spinlock.js';
import { spinUntilChanged } from './waiting.js';

const { next, owner, holder } = spinlock.fields;

/** First come, first served (Mellor-Crummey and Scott, "Algorithms for Scalable Synchronization", 1991, §2.2). */
export class TicketLocks implements HartLocks {
  private readonly me: number;

  constructor(
    protected readonly mem: SharedAccess,
    hart: number,
    _nodes: QueueNodes,
    private readonly contended: Contended,
  ) {
    this.me = hart + 1;
  }

  acquire(lock: number): number {
    const { mem } = this;
    const ticket = this.draw(lock);
    let looks = 0;
    // Acquire: pairs with the store in `serveNext`, so that the holder sees all that earlier holders wrote.
    for (let turn = owner.load(mem, lock); turn !== ticket; turn = owner.load(mem, lock)) {
      if (this.holding(lock)) panic('acquire');
      if (looks === 0) this.contended();
      looks += spinUntilChanged(mem, owner.at(lock), turn);
    }
    holder.store(mem, lock, this.me);
    return looks;
  }

  release(lock: number): void {
    // Before the turn is passed on: afterwards the word is the next holder's.
    holder.store(this.mem, lock, 0);
    this.serveNext(lock);
  }

  /** True of this hart alone while it holds the lock, and nobody else stores its number. */
  holding(lock: number): boolean {
    return holder.load(this.mem, lock) === this.me;
  }

  /** A number that nobody else has drawn. */
  protected draw(lock: number): number {
    return next.add(this.mem, lock, 1);
  }

  /** Only the holder stores the turn, so it cannot change between the load and the store. */
  protected serveNext(lock: number): void {
    const { mem } = this;
    // Release: pairs with the loads of `owner` in `acquire`. Modulo 2^32, as the tickets are.
    const turn = (owner.load(mem, lock) + 1) >>> 0;
    owner.store(mem, lock, turn);
    // One of those who wait is the only one who may go on: if it has given its core away, everybody waits for it.
    if (next.load(mem, lock) !== turn) mem.unpark(owner.at(lock), Number.POSITIVE_INFINITY);
  }
}

export const ticket: LockFamily = {
  name: 'ticket',
  summary: 'draws a number and looks at the number that is served: first come, first served',
  Locks: TicketLocks,
  holder(mem, lock) {
    const hart = holder.load(mem, lock);
    return hart === 0 ? undefined : hart - 1;
  },
};
