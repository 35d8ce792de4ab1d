import { panic } from '../kernel-panic.js';
import type { LockFamily } from './lock.js';
import { holderInQueue, QueueLocks } from './queue-locks.js';
import { queueNode } from './queue-nodes.js';
import { spinlock } from './spinlock.js';
import { spinUntilChanged } from './waiting.js';

const { tail, holder } = spinlock.fields;
const { locked } = queueNode.fields;

/** Values of a node's `locked` beside the address of the lock that its owner holds or waits for. */
const AT_HOME = 0;
/** The owner has handed the lock on, and its successor has not seen that yet. */
const GRANTED = 1;

/**
 * A queue in which everybody waits on the node of whoever came before (Craig 1993; Magnusson, Landin and Hagersten 1994).
 * There a hart keeps its predecessor's node, and nodes wander. Here the successor says that it has read the node, as in
 * "Hemlock" (Dice and Kogan, SPAA 2021), and an empty queue has no node: a hart that begins anew finds its nodes at home,
 * whatever was locked before.
 */
export class ClhLocks extends QueueLocks {
  /** Nodes of this hart that a successor may still be reading, the longest lent first. */
  protected readonly lent: number[] = [];

  acquire(lock: number): number {
    const { mem } = this;
    const node = this.takeNode();
    locked.store(mem, node, lock);
    // Acquire: pairs with the compare-exchange in `release`, where the queue is empty. Release: publishes `locked`.
    const before = tail.exchange(mem, lock, node);
    let looks = 0;
    if (before !== 0) {
      if (this.holding(lock)) panic('acquire');
      this.contended();
      // Acquire: pairs with the store of GRANTED in `release`, so that the holder sees all that earlier holders wrote.
      looks = spinUntilChanged(mem, locked.at(before), lock);
      // Pairs with the load in `takeNode`: its owner may use it again.
      locked.store(mem, before, AT_HOME);
    }
    holder.store(mem, lock, node);
    return looks;
  }

  release(lock: number): void {
    const { mem } = this;
    const node = holder.load(mem, lock);
    // Before the lock is handed over: afterwards the word is the next holder's.
    holder.store(mem, lock, 0);
    // Release: pairs with the exchange in `acquire`.
    if (tail.compareExchange(mem, lock, node, 0) === node) {
      this.free.push(node);
      return;
    }
    // Release: pairs with the wait in `acquire`.
    locked.store(mem, node, GRANTED);
    // Its reader is the only one who may go on: if it has given its core away, everybody waits for it.
    mem.unpark(locked.at(node), 1);
    this.lend(node);
  }

  /** A successor still has to read the node. */
  protected lend(node: number): void {
    this.lent.push(node);
  }

  /** A node that nobody reads. */
  private takeNode(): number {
    const { mem, free, lent } = this;
    const [oldest] = lent;
    // Acquire: pairs with the successor's store of AT_HOME. Where no other is left, that is all there is to wait for.
    if (oldest !== undefined && (free.length === 0 || locked.load(mem, oldest) === AT_HOME)) {
      spinUntilChanged(mem, locked.at(oldest), GRANTED);
      free.push(oldest);
      lent.shift();
    }
    return free.pop() ?? panic('acquire: no queue node is left');
  }
}

export const clh: LockFamily = {
  name: 'clh',
  summary: 'a queue: looks at the node of the one before, who marks it when the lock is free',
  Locks: ClhLocks,
  holder: holderInQueue,
};
