import { Pte, ptePa } from '../../../src/isa/sv39.js';
import { leafEntry } from '../../../src/isa/sv39-walk.js';
import { KernelEvent, type SharedAccess } from '../../../src/memory/access.js';
import { array, struct } from '../../../src/memory/struct.js';
import type { KernelContext } from '../../context.js';
import { panic } from '../../kernel-panic.js';
import { onLines } from '../../layout.js';
import { spinlock } from '../../locks/spinlock.js';
import { frameNumber } from '../entries.js';
import { Family } from './family.js';

/** Trees have one of so many locks. */
const LOCKS = 16;
const line = onLines(struct('fork_tree', { lock: spinlock }));
/** What the design sets aside. */
export const treeLocks = array(line, LOCKS);
/** Address of each. @param at where they begin */
export function locksOf(at: number): readonly number[] {
  return Array.from({ length: LOCKS }, (_, i) => at + i * line.size);
}

/**
 * The tree of address spaces: fork enters the child below its parent, and who goes (by exit or exec) hands its children on to
 * its own parent, so that all who can have a page in common stay related. A page that two have in common is at the same
 * address in both, as only fork shares.
 *
 * A tree has one lock, which every address space in it knows, and which guards its links. To take an address space out
 * of it the lock is needed too: so a walk with the lock held meets no page table that is being freed. What the walk
 * reads in the page tables of others their own processes write meanwhile, by atomic stores.
 */
export class ForkTree {
  protected readonly family: Family;
  private readonly locks: readonly number[];
  /** More address spaces than there can be: every process has two in exec. */
  private readonly most: number;
  private readonly tables: TablesOfOthers;

  constructor(protected readonly cx: KernelContext) {
    const { mem, layout } = cx;
    this.family = new Family(mem);
    this.locks = locksOf(layout.sharing);
    this.most = 2 * layout.procs.length;
    this.tables = new TablesOfOthers(mem);
  }

  /** Nobody enters or leaves the tree of this address space, or takes a page out of one in it, before `leave`. */
  enter(root: number): void {
    const lock = this.family.lockOf(root);
    if (lock !== 0) this.cx.spin.acquire(lock);
  }
  leave(root: number): void {
    const lock = this.family.lockOf(root);
    if (lock !== 0) this.cx.spin.release(lock);
  }

  /** fork: the parent runs on this hart, and nobody knows the child yet. */
  grow(parent: number, child: number): void {
    const { mem } = this.cx;
    const { family } = this;
    if (family.lockOf(parent) === 0) family.setLock(parent, this.locks[frameNumber(parent) % LOCKS]!);
    family.setLock(child, family.lockOf(parent));
    this.enter(parent);
    mem.note(KernelEvent.HoldTaken, child, 0);
    family.setParent(child, parent);
    family.setNext(child, family.childOf(parent));
    family.setChild(parent, child);
    mem.note(KernelEvent.HoldDropped, child, 0);
    this.leave(parent);
  }

  /** The address space, which maps nothing any more, is to go. */
  shrink(root: number): void {
    const { mem } = this.cx;
    if (this.family.lockOf(root) === 0) return;
    this.enter(root);
    mem.note(KernelEvent.HoldTaken, root, 0);
    this.takeOut(root);
    mem.note(KernelEvent.HoldDropped, root, 0);
    this.leave(root);
  }

  /** The lock must be held. */
  protected takeOut(root: number): void {
    const { family } = this;
    const parent = family.parentOf(root);
    const children = family.childOf(root);
    if (parent === 0) {
      if (children !== 0) this.succeed(children);
      return;
    }
    const next = family.nextOf(root);
    const before = this.siblingBefore(parent, root);
    const instead = children === 0 ? next : children;
    if (before === 0) family.setChild(parent, instead);
    else family.setNext(before, instead);
    if (children !== 0) family.setNext(this.adopt(children, parent), next);
  }

  /** The first of the children takes the place of the one that all others descend from, and has its siblings for children. */
  private succeed(first: number): void {
    const { family } = this;
    const siblings = family.nextOf(first);
    family.setParent(first, 0);
    family.setNext(first, 0);
    if (siblings === 0) return;
    family.setNext(this.adopt(siblings, first), family.childOf(first));
    family.setChild(first, siblings);
  }

  /** Gives all from `first` on the parent. The last of them. */
  private adopt(first: number, parent: number): number {
    const { family } = this;
    let last = 0;
    this.each(first, (root) => {
      family.setParent(root, parent);
      last = root;
    });
    return last;
  }

  /** 0: it is the first. */
  private siblingBefore(parent: number, root: number): number {
    let before = 0;
    let found = false;
    this.each(this.family.childOf(parent), (sibling) => {
      found ||= sibling === root;
      if (!found) before = sibling;
    });
    if (!found) panic('fork tree: no such child');
    return before;
  }

  private each(first: number, visit: (root: number) => void): void {
    let looks = 0;
    for (let root = first; root !== 0; looks++) {
      const next = this.family.nextOf(this.looked(root, looks));
      visit(root);
      root = next;
    }
  }

  /**
   * Whether any other address space of the tree maps the frame at `va`: in as many steps as there are, at most, from the one
   * that they all descend from downward. The lock must be held.
   */
  isShared(root: number, va: number, pa: number): boolean {
    const { family } = this;
    if (family.lockOf(root) === 0) return false;
    let top = root;
    let looks = 0;
    for (let up = family.parentOf(top); up !== 0; up = family.parentOf(top)) top = this.looked(up, looks++);
    looks = 0;
    for (let at = top; at !== 0; at = this.following(at, top)) {
      this.looked(at, looks++);
      if (at !== root && this.maps(at, va, pa)) return true;
    }
    return false;
  }

  private maps(root: number, va: number, pa: number): boolean {
    const pte = leafEntry(this.tables, root, va);
    return (pte & Pte.V) !== 0 && ptePa(pte) === pa;
  }

  /** Parents before children. 0: there is none left. */
  private following(root: number, top: number): number {
    const { family } = this;
    const child = family.childOf(root);
    if (child !== 0) return child;
    let looks = 0;
    for (let at = root; at !== top; at = this.looked(family.parentOf(at), looks++)) {
      const next = family.nextOf(at);
      if (next !== 0) return next;
    }
    return 0;
  }

  /** The root page table, where it can be one; a tree that was tied into a loop would never end. */
  private looked(root: number, looks: number): number {
    const { firstFrame, config } = this.cx.layout;
    if (root < firstFrame || root >= config.physTop) panic('fork tree: no address space');
    if (looks > this.most) panic('fork tree: a loop');
    return root;
  }
}

/** Page tables as others than their own processes read them: pairs with `ForkTreeVm.enterAt`. */
class TablesOfOthers {
  constructor(private readonly mem: SharedAccess) {}
  load32(address: number): number {
    return this.mem.atomicLoad32(address);
  }
}

/** With no lock: the published form. */
export class UnguardedForkTree extends ForkTree {
  override enter(_root: number): void {}
  override leave(_root: number): void {}
}
