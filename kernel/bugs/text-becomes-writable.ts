import { Pte, ptePa } from '../../src/isa/sv39.js';
import { KernelEvent } from '../../src/memory/access.js';
import { PTE_COW } from '../page-sharing/entries.js';
import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class TextBecomesWritable extends PageMapLock {
  override share(_parent: number, _child: number, _va: number, parentPte: number, childPte: number): boolean {
    const { mem, counters } = this.cx;
    const entry = (mem.load32(parentPte) & ~Pte.W) | PTE_COW;
    mem.store32(parentPte, entry);
    const pa = ptePa(entry);
    this.addMap(pa);
    mem.store32(childPte, entry);
    mem.note(KernelEvent.FrameMapped, childPte, pa);
    counters.pageShared();
    return true;
  }
}

export const textBecomesWritable: Bug = {
  name: 'text-becomes-writable',
  summary: 'fork marks every page copy-on-write, read-only text included, and a write makes it writable',
  explanation:
    'fork clears the right to write and sets the mark on every page, without a look at whether the page could ' +
    'be written before. From then on nothing tells text from data: a store to text faults, finds the mark, and ' +
    'is given a writable copy. A process that should have been ended for writing to its code runs on with ' +
    'other code.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['content'],
  scenario: 'store-to-text',
  source: { mistake: 12 },
  change: (sound) => ({ ...sound, Sharing: TextBecomesWritable }),
};
