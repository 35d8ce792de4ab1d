import type { SharedAccess } from '../../src/memory/access.js';
import type { QueueNodes } from './queue-nodes.js';

/**
 * A way to make a lock. Every lock of a machine is of one family, and has the words of `spinlock` whatever the family: one
 * that is free and that nobody waits for has zeros in them but for numbers that only ever grow.
 */
export interface LockFamily {
  readonly name: string;
  /** One line: how a hart gets the lock, and what it looks at while it waits. */
  readonly summary: string;
  /** Makes one hart's side; the hart has its queue nodes for itself. */
  readonly Locks: new (
    mem: SharedAccess,
    hart: number,
    nodes: QueueNodes,
    contended: Contended,
  ) => HartLocks;
  /** The hart that holds the lock at this moment, for reports; undefined: nobody does, or it is just changing hands. */
  holder(mem: SharedAccess, lock: number, nodes: QueueNodes): number | undefined;
}

/** To be called once in each acquisition that finds the lock taken, when it does and before the hart waits: waiting time begins there. */
export type Contended = () => void;

/** The locks of a family as one hart takes them. A lock is named by its address. */
export interface HartLocks {
  /**
   * Waits until the lock is the hart's own; returns how often the hart found it taken, 0 when it was free.
   * Panics when this hart holds it already.
   */
  acquire(lock: number): number;
  /** Hands the lock on. The hart must hold it. */
  release(lock: number): void;
  holding(lock: number): boolean;
}

/** Hears of all that one hart does with locks. */
export interface LockListener {
  /** The lock is wanted by the hart, and taken: the hart is about to wait. */
  contended(lock: number): void;
  /** The hart has taken the lock, and holds it; `looks`: how often it found it taken. */
  taken(lock: number, looks: number): void;
  /** The hart is about to let the lock go, and holds it still. */
  releasing(lock: number): void;
  /** The hart has let the lock go: what is done here nobody waits for. */
  released(lock: number): void;
}
