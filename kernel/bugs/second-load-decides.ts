import { AtomicCounts, atomicCounts } from '../page-sharing/counts/atomic.js';
import type { Bug } from './bug.js';
import { countedDesigns } from './which-designs.js';

class SecondLoadDecides extends AtomicCounts {
  override decrement(pa: number): number {
    super.decrement(pa);
    return this.cx.mem.atomicLoad32(this.countAt(pa)) | 0;
  }
}

export const secondLoadDecides: Bug = {
  name: 'second-load-decides',
  summary: 'the count is lowered by one atomic addition, and loaded once more to see whether it has become 0',
  explanation:
    'The addition is atomic and no count is ever wrong. But who frees the page is decided by a second look at the count ' +
    'instead of by what the addition found. Two harts that lower it from 2 both see 0, and both free the page; and one that ' +
    'looks late may see the count of whoever has been given the page since.',
  designs: countedDesigns,
  refs: atomicCounts.name,
  harmful: true,
  expected: ['double-free', 'use-after-free', 'ledger'],
  scenario: 'fault-exit',
  change: (sound) => ({ ...sound, counting: { ...atomicCounts, Counts: SecondLoadDecides } }),
};
