import { Pte } from '../../src/isa/sv39.js';
import { leafAddress } from '../../src/isa/sv39-walk.js';
import { hiddenWrite } from '../page-sharing/hidden-write/hidden-write.js';
import { HiddenWrite } from '../page-sharing/hidden-write/sound.js';
import type { Bug } from './bug.js';

class GiveBackEverything extends HiddenWrite {
  protected override giveBack(root: number, va: number): void {
    super.giveBack(root, va);
    const { mem } = this.cx;
    const pte = leafAddress(mem, root, va);
    mem.atomicStore32(pte, mem.load32(pte) | Pte.W);
  }
}

export const giveBackEverything: Bug = {
  name: 'give-back-everything',
  summary: 'the last sharer gets the right to write, whether or not it had it before the page was shared',
  explanation:
    'When one sharer of a page is left, its page table entry is made writable again, without a look at PTE_WHIDE, which ' +
    'remembers whether it ever was. Read-only text that a child shared becomes writable in the parent as soon as the child ' +
    'exits. No access is out of order and no count is wrong; only a program that then writes to its code can tell.',
  designs: [hiddenWrite.name],
  harmful: true,
  expected: ['content'],
  scenario: 'exit-store-to-text',
  source: { mistake: 12 },
  change: (sound) => ({ ...sound, Sharing: GiveBackEverything }),
};
