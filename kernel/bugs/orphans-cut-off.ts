import { forkTree } from '../page-sharing/fork-tree/fork-tree.js';
import { ForkTreeVm } from '../page-sharing/fork-tree/fork-tree-vm.js';
import { ForkTree } from '../page-sharing/fork-tree/tree.js';
import type { Bug } from './bug.js';

class CuttingForkTree extends ForkTree {
  /** As of one that has no children; and they have no parent. */
  protected override takeOut(root: number): void {
    const { family } = this;
    for (let child = family.childOf(root); child !== 0; ) {
      const next = family.nextOf(child);
      family.setParent(child, 0);
      family.setNext(child, 0);
      child = next;
    }
    family.setChild(root, 0);
    super.takeOut(root);
  }
}

class OrphansCutOff extends ForkTreeVm {
  protected override readonly tree = new CuttingForkTree(this.cx);
}

export const orphansCutOff: Bug = {
  name: 'orphans-cut-off',
  summary: 'who exits is taken out of the tree of page tables, and its children with it',
  explanation:
    'Exit and exec take an address space out of the tree, and the children that hang below it are cut off: each is the top of ' +
    'a tree of its own. But they still share pages with their grandparent and with one another, and no walk leads there any ' +
    'more. Each of them finds itself alone and writes to the page that the others read; and who leaves first frees it.',
  designs: [forkTree.name],
  harmful: true,
  expected: ['ledger', 'content', 'double-free', 'use-after-free'],
  scenario: 'orphan-fault',
  change: (sound) => ({ ...sound, Vm: OrphansCutOff }),
};
