import { KernelEvent, type SharedAccess } from '../../src/memory/access.js';
import { atomic32, struct, u32 } from '../../src/memory/struct.js';
import { panic } from '../kernel-panic.js';
import type { HartLocks, LockFamily, LockListener } from './lock.js';
import type { QueueNodes } from './queue-nodes.js';

/** A mutual exclusion lock: what every family needs, so that a struct has one layout whatever its lock is. */
export const spinlock = struct('spinlock', {
  /** test-and-set, ttas-backoff, adaptive: 0 when free, otherwise the holder's hart number plus one. */
  locked: atomic32,
  /** ticket: the next to be drawn. */
  next: atomic32,
  /** ticket: whose turn it is. */
  owner: atomic32,
  /** mcs, clh: the node of whoever came last, or 0. */
  tail: atomic32,
  /** ticket: the holder's hart number plus one; mcs, clh: the holder's node; 0 when nobody holds it. */
  holder: atomic32,
  /** lockstat: what its `LockListener` notes of it; 0 at first, and where there is none. The lock itself guards it. */
  note: u32,
});

/** The locks as the kernel on one hart takes them, of whatever family. A lock is named by its address. */
export class Spinlocks {
  /** Locks that this hart holds (xv6's noff): must be 0 whenever it leaves the kernel. */
  held = 0;
  private readonly locks: HartLocks;
  /** The lock that this hart wants, while it does. */
  private wanted = 0;

  constructor(
    private readonly mem: SharedAccess,
    hart: number,
    family: LockFamily,
    nodes: QueueNodes,
    /** Absent: nobody keeps statistics. */
    private readonly listener?: LockListener,
  ) {
    this.locks = new family.Locks(mem, hart, nodes, () => listener?.contended(this.wanted));
  }

  /** Waits until the lock is free and takes it. Panics when this hart holds it already. */
  acquire(lock: number): void {
    const { mem } = this;
    mem.note(KernelEvent.LockWanted, lock, 0);
    this.wanted = lock;
    const looks = this.locks.acquire(lock);
    this.held++;
    this.listener?.taken(lock, looks);
    mem.note(KernelEvent.LockAcquired, lock, 0);
  }

  /** Panics when this hart does not hold the lock. */
  release(lock: number): void {
    if (!this.holding(lock)) panic('release');
    this.mem.note(KernelEvent.LockReleased, lock, 0);
    this.held--;
    this.listener?.releasing(lock);
    this.locks.release(lock);
    this.listener?.released(lock);
  }

  /** Whether this hart holds the lock. */
  holding(lock: number): boolean {
    return this.locks.holding(lock);
  }
}
