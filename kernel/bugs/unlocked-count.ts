import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class UnlockedCount extends PageMapLock {
  protected override addMap(pa: number): void {
    const { mem } = this.cx;
    const count = this.countAt(pa);
    mem.store32(count, mem.load32(count) + 1);
  }

  protected override subMap(pa: number): number {
    const { mem } = this.cx;
    const count = this.countAt(pa);
    const left = mem.load32(count) - 1;
    mem.store32(count, left);
    return left;
  }
}

export const unlockedCount: Bug = {
  name: 'unlocked-count',
  summary: 'mapping counts are changed without their lock: two harts lose an increment or a decrement',
  explanation:
    "The count is loaded, changed and stored as C's n++ does it, with no lock around the three steps. Two " +
    'harts that do so at once on one frame both start from the same value, and one of the two changes is lost. ' +
    'A lost increment frees the frame while somebody still maps it; much later a process that did nothing ' +
    'wrong runs into foreign bytes. A lost decrement leaves a frame that is never freed.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['use-after-free', 'double-free', 'ledger', 'content'],
  scenario: 'fork-exit',
  source: { mistake: 1 },
  change: (sound) => ({ ...sound, Sharing: UnlockedCount }),
};
