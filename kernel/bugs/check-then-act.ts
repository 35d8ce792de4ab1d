import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class CheckThenAct extends PageMapLock {
  protected override drop(pa: number): boolean {
    const last = this.getMap(pa) === 1;
    this.subMap(pa);
    if (last) this.kalloc.kfree(pa);
    return last;
  }
}

export const checkThenAct: Bug = {
  name: 'check-then-act',
  summary: 'the lock is taken once to look and once to act: neither of two harts sees that it is the last',
  explanation:
    'The count is read under the lock to see whether this is the last mapping, and decremented under the lock ' +
    'afterwards. When two sharers let go at once, both read 2, both decrement, and neither believes that it ' +
    "was the last one. The count is 0 and the frame is in nobody's page table and on no free list: it is lost " +
    'until the machine is switched off.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['ledger'],
  scenario: 'fault-exit',
  source: { mistake: 2 },
  change: (sound) => ({ ...sound, Sharing: CheckThenAct }),
};
