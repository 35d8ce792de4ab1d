import { PAGE_SIZE, Pte, ptePa } from '../../src/isa/sv39.js';
import { KernelEvent } from '../../src/memory/access.js';
import { PTE_COW } from '../page-sharing/entries.js';
import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

class PteAddress extends PageMapLock {
  override share(_parent: number, _child: number, _va: number, parentPte: number, childPte: number): boolean {
    const { mem, counters } = this.cx;
    let entry = mem.load32(parentPte);
    if ((entry & Pte.W) !== 0) {
      entry = (entry & ~Pte.W) | PTE_COW;
      mem.store32(parentPte, entry);
    }
    this.addMap(parentPte - (parentPte % PAGE_SIZE));
    mem.store32(childPte, entry);
    mem.note(KernelEvent.FrameMapped, childPte, ptePa(entry));
    counters.pageShared();
    return true;
  }
}

export const pteAddress: Bug = {
  name: 'pte-address',
  summary: 'fork counts the page that holds the page table entry instead of the page that the entry maps',
  explanation:
    'In C an entry is reached by a pointer, and PGROUNDDOWN((uint64)pte) compiles as well as PTE2PA(*pte). ' +
    'fork increments the count of the page table, once for every page that it maps, and never that of the ' +
    'pages. Those keep a count of 1 with two mappings: the first process that writes or exits frees them under ' +
    'the other.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['use-after-free', 'double-free', 'ledger', 'panic'],
  scenario: 'fork-exit',
  source: { mistake: 10 },
  change: (sound) => ({ ...sound, Sharing: PteAddress }),
};
