import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class DropBeforeRewrite extends PageMapLock {
  protected override replace(pagetable: number, va: number, pte: number, old: number, entry: number): boolean {
    const last = this.drop(old);
    this.rewrite(pagetable, va, pte, old, entry);
    return last;
  }
}

export const dropBeforeRewrite: Bug = {
  name: 'drop-before-rewrite',
  summary: 'the write fault drops the old frame before it rewrites the page table entry that maps it',
  explanation:
    'The fault handler copies the page, lets go of the old frame, and only then changes its page table entry ' +
    'to the copy. In between the entry maps a frame that it has no reference to: the other sharer may let go ' +
    'as well, the frame is freed, and a third process gets it, while this page table still shows it to its ' +
    'owner and to every hart that has the translation cached.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['use-after-free'],
  scenario: 'fault-exit',
  source: { mistake: 4, published: pageMapLock.name },
  change: (sound) => ({ ...sound, Sharing: DropBeforeRewrite }),
};
