/** What textbooks say of a family of locks when many harts want one. */
export interface LockTheory {
  /** Whether its throughput falls with the number of waiters. */
  readonly collapses: boolean;
  /** Why: one sentence without a figure. */
  readonly why: string;
}

/**
 * By the family's name. Anderson, "The performance of spin lock alternatives for shared-memory multiprocessors" (1990);
 * Mellor-Crummey and Scott, "Algorithms for scalable synchronization on shared-memory multiprocessors" (1991);
 * Boyd-Wickizer, Kaashoek, Morris and Zeldovich, "Non-scalable locks are dangerous" (OLS 2012), after whom handing over a
 * lock whose waiters watch one line takes a time in proportion to their number.
 */
export const lockTheory: Readonly<Record<string, LockTheory>> = {
  'test-and-set': {
    collapses: true,
    why: 'every look of every waiter takes the line for itself, and whoever lets go waits its turn for it among them',
  },
  'ttas-backoff': {
    collapses: true,
    why: 'waiters share the line until the lock is let go, and then each of them loads it, and some try, before they stay away',
  },
  adaptive: {
    collapses: true,
    why: 'waiters share the line as with test-and-test-and-set; those who give up spinning sleep, and to wake one takes long',
  },
  ticket: {
    collapses: true,
    why: 'all waiters watch one word, so that each hand-over makes every one of them load its line again, one after the other',
  },
  mcs: {
    collapses: false,
    why: 'every waiter watches a line of its own, so that a hand-over moves the same few lines however many wait',
  },
  clh: {
    collapses: false,
    why: 'every waiter watches the line of the one before it, so that a hand-over moves the same few lines however many wait',
  },
};
