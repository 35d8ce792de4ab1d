import { ForkTreeSharing, forkTree } from '../page-sharing/fork-tree/fork-tree.js';
import type { Bug } from './bug.js';

class LookThenLeave extends ForkTreeSharing {
  protected override isLast(pagetable: number, va: number, pa: number, takeOut: () => void): boolean {
    const isLast = !this.isShared(pagetable, va, pa);
    takeOut();
    return isLast;
  }
}

export const lookThenLeave: Bug = {
  name: 'look-then-leave',
  summary: 'who leaves a page looks for others in the tree under the lock, and takes its own entry out after it',
  explanation:
    'The walk through the tree has the lock and is right as long as it lasts. But the entry of whoever walks goes only after ' +
    'the lock is released: two sharers that leave a frame at once each meet the entry of the other, neither is the last, ' +
    'and nobody ever frees it.',
  designs: [forkTree.name],
  harmful: true,
  expected: ['ledger'],
  scenario: 'fault-fault',
  source: { published: forkTree.name },
  change: (sound) => ({ ...sound, Sharing: LookThenLeave }),
};
