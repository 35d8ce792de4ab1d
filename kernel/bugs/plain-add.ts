import { AtomicCounts, atomicCounts } from '../page-sharing/counts/atomic.js';
import type { Bug } from './bug.js';
import { countedDesigns } from './which-designs.js';

class PlainAdd extends AtomicCounts {
  override increment(pa: number): void {
    const { mem } = this.cx;
    const count = this.countAt(pa);
    mem.atomicStore32(count, mem.atomicLoad32(count) + 1);
  }
}

export const plainAdd: Bug = {
  name: 'plain-add',
  summary: 'an increment is an atomic load and an atomic store, where one atomic addition belongs',
  explanation:
    "The count is declared atomic, and each access to it is. C's `count = count + 1` on such a variable is a load and a store " +
    'all the same, and another hart may count in between: its change is lost. No race detector has anything to say, as ' +
    'every access is atomic.',
  designs: countedDesigns,
  refs: atomicCounts.name,
  harmful: true,
  expected: ['use-after-free', 'double-free', 'ledger', 'content'],
  scenario: 'fork-exit',
  change: (sound) => ({ ...sound, counting: { ...atomicCounts, Counts: PlainAdd } }),
};
