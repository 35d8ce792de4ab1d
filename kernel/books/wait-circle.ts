import type { SharedAccess } from '../../src/memory/access.js';
import type { KernelLayout } from '../layout.js';
import type { LockFamily } from '../locks/lock.js';
import type { HartWait, LockstatBook } from './lockstat-book.js';

/** A hart that waits for a lock that another, or it itself, holds. */
export interface Waiter extends HartWait {
  readonly hart: number;
  readonly holder: number;
}

/** Who waits for whom, read while the harts run: a picture in which not everything need have been true at one moment. */
export function readWaiters(
  mem: SharedAccess,
  { queueNodes }: KernelLayout,
  family: LockFamily,
  book: LockstatBook,
): Waiter[] {
  return Array.from({ length: book.harts }, (_, hart) => hart).flatMap((hart) => {
    const wait = book.waitOf(hart);
    const holder = wait === undefined ? undefined : family.holder(mem, wait.lock, queueNodes);
    return wait === undefined || holder === undefined ? [] : [{ ...wait, hart, holder }];
  });
}

/** Waiters each of whom waits for the next, and the last for the first; none: there is no such circle. */
export function circleOf(waiters: readonly Waiter[]): readonly Waiter[] {
  const of = new Map(waiters.map((waiter) => [waiter.hart, waiter]));
  for (const first of waiters) {
    const path: Waiter[] = [];
    for (let at: Waiter | undefined = first; at !== undefined && !path.includes(at); at = of.get(at.holder))
      path.push(at);
    if (of.get(path.at(-1)!.holder) === first) return path;
  }
  return [];
}

/**
 * Looks now and then for harts that wait for one another. None of them will ever go on when two looks see the same circle:
 * each has been in one wait from the first look to the second, so each held all the while what it held at both.
 */
export class DeadlockWatch {
  private before: readonly Waiter[] = [];

  constructor(private readonly waiters: () => readonly Waiter[]) {}

  /** The harts that this look and the one before both saw in a circle; none: no deadlock is known. */
  look(): readonly Waiter[] {
    const circle = circleOf(this.waiters());
    const isSame =
      circle.length === this.before.length &&
      circle.every(({ hart, lock, waits, holder }, i) => {
        const then = this.before[i]!;
        return then.hart === hart && then.lock === lock && then.waits === waits && then.holder === holder;
      });
    this.before = circle;
    return isSame ? circle : [];
  }
}
