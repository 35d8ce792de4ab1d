import { forkTree } from '../page-sharing/fork-tree/fork-tree.js';
import { ForkTreeVm } from '../page-sharing/fork-tree/fork-tree-vm.js';
import type { Bug } from './bug.js';

class LeavesTreeFirst extends ForkTreeVm {
  override uvmfree(pagetable: number, sz: number): void {
    this.tree.shrink(pagetable);
    super.uvmfree(pagetable, sz);
  }

  protected override emptied(_pagetable: number): void {}
}

export const leavesTreeFirst: Bug = {
  name: 'leaves-tree-first',
  summary: 'exit takes the process out of the tree of page tables before it gives its pages back',
  explanation:
    'Nobody will run the process again, so its exit begins with the tree. From there on no walk comes to its page table, ' +
    'which still maps all that it shared. Another sharer that leaves meanwhile finds nobody and frees the frame; then the ' +
    'first one comes to its own entry for it, finds nobody either, and frees it again.',
  designs: [forkTree.name],
  harmful: true,
  expected: ['double-free', 'use-after-free', 'ledger', 'panic'],
  scenario: 'exit-store-to-text',
  change: (sound) => ({ ...sound, Vm: LeavesTreeFirst }),
};
