import { LockedCounts, striped } from '../page-sharing/counts/locked.js';
import type { Bug } from './bug.js';
import { countedDesigns } from './which-designs.js';

class StripeForgotten extends LockedCounts {
  override decrement(pa: number): number {
    return this.change(pa, -1);
  }
}

export const stripeForgotten: Bug = {
  name: 'stripe-forgotten',
  summary: 'striped locks came later, and one caller was forgotten: decrements hold none',
  explanation:
    'The one lock of all counts became an array of locks. Its callers had held the one lock around the call, and the new ' +
    'ones are taken inside, but for one function that was overlooked and now holds none at all. Two harts that leave a page ' +
    'at once both store one less than the same count.',
  designs: countedDesigns,
  refs: striped.name,
  harmful: true,
  expected: ['use-after-free', 'double-free', 'ledger', 'content', 'data-race'],
  scenario: 'fault-exit',
  change: (sound) => ({ ...sound, counting: { ...striped, Counts: StripeForgotten } }),
};
