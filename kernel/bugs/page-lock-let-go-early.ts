import { LockedCounts, perPage } from '../page-sharing/counts/locked.js';
import type { Bug } from './bug.js';
import { countedDesigns } from './which-designs.js';

class PageLockLetGoEarly extends LockedCounts {
  protected override add(pa: number, by: number): number {
    const { mem, spin } = this.cx;
    spin.acquire(this.lockAt(pa));
    const count = mem.load32(this.countAt(pa)) | 0;
    spin.release(this.lockAt(pa));
    mem.store32(this.countAt(pa), count + by);
    return count + by;
  }
}

export const pageLockLetGoEarly: Bug = {
  name: 'page-lock-let-go-early',
  summary: 'the lock of a page guards the look at its count, and is let go before the new one is stored',
  explanation:
    'Each page has a lock beside its count, to be held as briefly as can be: it is taken for the load and let go before the ' +
    'store. Two harts that count one page at once start from the same value, one after the other and in good order.',
  designs: countedDesigns,
  refs: perPage.name,
  harmful: true,
  expected: ['use-after-free', 'double-free', 'ledger', 'content', 'data-race'],
  scenario: 'fork-exit',
  change: (sound) => ({ ...sound, counting: { ...perPage, Counts: PageLockLetGoEarly } }),
};
