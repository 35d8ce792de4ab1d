import { hiddenWrite } from '../page-sharing/hidden-write/hidden-write.js';
import { HiddenWrite } from '../page-sharing/hidden-write/sound.js';
import type { Resolution } from '../page-sharing/page-sharing.js';
import type { Bug } from './bug.js';

class GiveBackAfterUnlock extends HiddenWrite {
  private lastSharer: { readonly root: number; readonly va: number } | undefined;

  override unmap(pagetable: number, va: number, pte: number, pa: number): void {
    super.unmap(pagetable, va, pte, pa);
    this.giveBackNow();
  }

  override resolveWrite(pagetable: number, va: number, pte: number): Resolution {
    const resolution = super.resolveWrite(pagetable, va, pte);
    this.giveBackNow();
    return resolution;
  }

  /** With the lock held, only remembered. */
  protected override giveBack(root: number, va: number): void {
    this.lastSharer = { root, va };
  }

  private giveBackNow(): void {
    if (this.lastSharer === undefined) return;
    const { root, va } = this.lastSharer;
    this.lastSharer = undefined;
    super.giveBack(root, va);
  }
}

export const giveBackAfterUnlock: Bug = {
  name: 'give-back-after-unlock',
  summary: 'who is the last sharer is found under the lock, and its page table entry rewritten after it',
  explanation:
    'The hart that leaves a page finds under the lock that one sharer is left, releases the lock, and then gives that ' +
    'sharer its right to write back, in a page table that is not its own. In between the last sharer may fork: the page ' +
    'has two sharers again, and one of them is now allowed to write to it. Or it has copied the page, unmapped it, or ' +
    'exited, and the entry that is rewritten is no longer the one that was meant.',
  designs: [hiddenWrite.name],
  harmful: true,
  expected: ['ledger', 'use-after-free', 'content'],
  scenario: 'fork-fault',
  source: { published: hiddenWrite.name },
  change: (sound) => ({ ...sound, Sharing: GiveBackAfterUnlock }),
};
