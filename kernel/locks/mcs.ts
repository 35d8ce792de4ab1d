import { panic } from '../kernel-panic.js';
import type { LockFamily } from './lock.js';
import { holderInQueue, QueueLocks } from './queue-locks.js';
import { queueNode } from './queue-nodes.js';
import { spinlock } from './spinlock.js';
import { spinUntilChanged } from './waiting.js';

const { tail, holder } = spinlock.fields;
const { next, locked } = queueNode.fields;

/** A queue in which everybody waits on a node of their own (Mellor-Crummey and Scott, 1991, §2.4). */
export class McsLocks extends QueueLocks {
  acquire(lock: number): number {
    const { mem } = this;
    const node = this.free.pop() ?? panic('acquire: no queue node is left');
    next.store(mem, node, 0);
    // Acquire: pairs with the compare-exchange in `handOver`, where nobody is in the queue. Release: publishes `next`.
    const before = tail.exchange(mem, lock, node);
    let looks = 0;
    if (before !== 0) {
      if (this.holding(lock)) panic('acquire');
      this.lineUp(lock, before, node);
      this.contended();
      // Acquire: pairs with the store of 0 in `handOver`, so that the holder sees all that earlier holders wrote.
      looks = spinUntilChanged(mem, locked.at(node), lock);
    }
    holder.store(mem, lock, node);
    return looks;
  }

  release(lock: number): void {
    const { mem } = this;
    const node = holder.load(mem, lock);
    // Before the lock is handed over: afterwards the word is the next holder's.
    holder.store(mem, lock, 0);
    this.handOver(lock, node);
    this.free.push(node);
  }

  /** Tells whoever came before. First the node has to hold up its owner: once it is linked, it may be let go. */
  protected lineUp(lock: number, before: number, node: number): void {
    locked.store(this.mem, node, lock);
    // Release: pairs with the loads of `next` in `handOver`, so that their store of `locked` comes after this hart's.
    next.store(this.mem, before, node);
  }

  /** Lets the next in the queue go, or leaves the queue empty. */
  protected handOver(lock: number, node: number): void {
    const { mem } = this;
    if (next.load(mem, node) === 0) {
      // Release: pairs with the exchange in `acquire`.
      if (tail.compareExchange(mem, lock, node, 0) === node) return;
      // Somebody stands behind this node and is about to say so; until then the node cannot be used again either.
      spinUntilChanged(mem, next.at(node), 0);
    }
    const successor = next.load(mem, node);
    // Release: pairs with the wait in `acquire`.
    locked.store(mem, successor, 0);
    // It is the only one who may go on: if it has given its core away, everybody waits for it.
    mem.unpark(locked.at(successor), 1);
  }
}

export const mcs: LockFamily = {
  name: 'mcs',
  summary: 'a queue: looks at its own node, which the one before in the queue clears',
  Locks: McsLocks,
  holder: holderInQueue,
};
