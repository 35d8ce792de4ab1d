import { Vm } from '../../memory/vm.js';
import { ForkTree, UnguardedForkTree } from './tree.js';

/** Address spaces that know their relatives, and whose entries others read. */
export class ForkTreeVm extends Vm {
  protected readonly tree = new ForkTree(this.cx);

  /** The child first: whoever looks for the sharers of a page finds it from its first page on. */
  override uvmcopy(parent: number, child: number, sz: number): boolean {
    this.tree.grow(parent, child);
    return super.uvmcopy(parent, child, sz);
  }

  protected override emptied(pagetable: number): void {
    this.tree.shrink(pagetable);
  }

  /** Pairs with the loads of `TablesOfOthers`: who sees a table sees it zeroed. */
  protected override enterAt(at: number, entry: number): void {
    this.cx.mem.atomicStore32(at, entry);
  }
}

/** The published form's. */
export class UnguardedForkTreeVm extends ForkTreeVm {
  protected override readonly tree = new UnguardedForkTree(this.cx);
}
