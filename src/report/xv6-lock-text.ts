/** What is shown of one lock. */
export interface Xv6Lock {
  readonly name: string;
  readonly acquisitions: number;
  readonly spins: number;
}

/** The locks that xv6's lock lab is about. */
const LAB_LOCKS = ['kmem', 'bcache'];
const TOP = 5;

/**
 * What xv6's lock lab prints (MIT 6.1810, `statslock` in kernel/spinlock.c): of the locks whose names begin with `kmem` or
 * `bcache`, and of the five most contended, how often a hart looked at them in vain (#test-and-set) and took them. A lock
 * that nobody took is left out, as there. There, locks with equally many looks hide one another; here they do not.
 *
 * @param locks each for itself, in the order in which the kernel has them
 */
export function xv6LockText(locks: readonly Xv6Lock[]): string {
  const taken = locks.filter(({ acquisitions }) => acquisitions > 0);
  const lab = taken.filter(({ name }) => LAB_LOCKS.some((start) => name.startsWith(start)));
  const top = taken.toSorted((a, b) => b.spins - a.spins).slice(0, TOP);
  const line = ({ name, spins, acquisitions }: Xv6Lock) =>
    `lock: ${name}: #test-and-set ${spins} #acquire() ${acquisitions}`;
  return [
    `--- lock ${LAB_LOCKS.join('/')} stats`,
    ...lab.map(line),
    `--- top ${TOP} contended locks:`,
    ...top.map(line),
    `tot= ${lab.reduce((sum, { spins }) => sum + spins, 0)}`,
  ].join('\n');
}
