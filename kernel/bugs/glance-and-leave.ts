import { pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';
import { UnlockedGlance } from './unlocked-glance.js';

class GlanceAndLeave extends UnlockedGlance {
  protected override replace(pagetable: number, va: number, pte: number, old: number, entry: number): boolean {
    this.rewrite(pagetable, va, pte, old, entry);
    // The glance has shown that others map the frame.
    this.subMap(old);
    return false;
  }
}

export const glanceAndLeave: Bug = {
  name: 'glance-and-leave',
  summary: 'a count that was read before the copy decides that somebody else will free the old frame',
  explanation:
    'A write fault reads the count, sees that others share the frame, copies it, and decrements the count ' +
    'without a further look: the others will free it. By then the others may have gone. When the last two ' +
    'sharers write at once, both read 2, both copy, both decrement, and nobody frees the frame.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['ledger'],
  scenario: 'fault-fault',
  source: { mistake: 3 },
  change: (sound) => ({ ...sound, Sharing: GlanceAndLeave }),
};
