import { Pte } from '../../src/isa/sv39.js';
import { PTE_COW } from '../page-sharing/entries.js';
import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class FailedForkReadOnly extends PageMapLock {
  override unshare(parentPte: number, _before: number): void {
    const { mem } = this.cx;
    mem.store32(parentPte, mem.load32(parentPte) & ~PTE_COW & ~Pte.W);
  }
}

export const failedForkReadOnly: Bug = {
  name: 'failed-fork-read-only',
  summary: 'a fork that fails half-way leaves the pages that it had shared read-only in the parent',
  explanation:
    "fork takes the parent's right to write, page by page, and then runs out of memory. The pages are unmapped " +
    "from the child and are no longer marked as shared, but the right to write is not given back. The parent's " +
    'next store faults on a page that nobody shares, the kernel finds no right to write there, and ends a ' +
    'process whose only fault was to ask for a fork.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['content'],
  scenario: 'failed-fork',
  source: { mistake: 8 },
  change: (sound) => ({ ...sound, Sharing: FailedForkReadOnly }),
};
