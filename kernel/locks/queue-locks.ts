import type { SharedAccess } from '../../src/memory/access.js';
import type { Contended, HartLocks } from './lock.js';
import type { QueueNodes } from './queue-nodes.js';
import { spinlock } from './spinlock.js';

const { holder } = spinlock.fields;

/** Families that have a queue, with the holder's node in the word `holder`. */
export abstract class QueueLocks implements HartLocks {
  /** Nodes of this hart that are in no queue. */
  protected readonly free: number[];

  constructor(
    protected readonly mem: SharedAccess,
    private readonly hart: number,
    private readonly nodes: QueueNodes,
    protected readonly contended: Contended,
  ) {
    this.free = nodes.of(hart);
  }

  abstract acquire(lock: number): number;
  abstract release(lock: number): void;

  /** True of this hart alone while it holds the lock, and nobody else stores its nodes there. */
  holding(lock: number): boolean {
    return this.nodes.hartOf(holder.load(this.mem, lock)) === this.hart;
  }
}

/** The hart whose node holds the lock. */
export function holderInQueue(mem: SharedAccess, lock: number, nodes: QueueNodes): number | undefined {
  return nodes.hartOf(holder.load(mem, lock));
}
