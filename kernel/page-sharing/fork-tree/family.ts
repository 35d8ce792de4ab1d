import { PAGE_SIZE, PTE_SIZE } from '../../../src/isa/sv39.js';
import type { SharedAccess } from '../../../src/memory/access.js';

/**
 * An address space's place in the tree lies in its root page table, in the last entries there: they stand for addresses
 * above MAXVA, where no process has anything. All that is written there are multiples of 4, so V is 0 in every one of them.
 */
const entry = (fromTheEnd: number) => PAGE_SIZE - fromTheEnd * PTE_SIZE;
const LOCK = entry(4);
const PARENT = entry(3);
const CHILD = entry(2);
const NEXT = entry(1);

/** Words of a root page table that say who its relatives are. Each gives the address of a root page table, or 0 for none. */
export class Family {
  constructor(private readonly mem: SharedAccess) {}

  /**
   * Address of the lock that guards the tree: the same for all in it, and 0 for one that was in none yet. Written before
   * anybody else knows the address space, or while nobody but its own process looks.
   */
  lockOf(root: number): number {
    return this.mem.load32(root + LOCK);
  }
  setLock(root: number, lock: number): void {
    this.mem.store32(root + LOCK, lock);
  }

  // The tree's lock must be held.
  parentOf(root: number): number {
    return this.mem.load32(root + PARENT);
  }
  /** The first of its children. */
  childOf(root: number): number {
    return this.mem.load32(root + CHILD);
  }
  /** The next of its parent's children. */
  nextOf(root: number): number {
    return this.mem.load32(root + NEXT);
  }
  setParent(root: number, parent: number): void {
    this.mem.store32(root + PARENT, parent);
  }
  setChild(root: number, child: number): void {
    this.mem.store32(root + CHILD, child);
  }
  setNext(root: number, next: number): void {
    this.mem.store32(root + NEXT, next);
  }
}
