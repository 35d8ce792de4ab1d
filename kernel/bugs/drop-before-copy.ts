import { makePte, PAGE_SIZE, ptePa } from '../../src/isa/sv39.js';
import { PTE_COW, privateFlags } from '../page-sharing/entries.js';
import { PageMapLock, pageMapLock } from '../page-sharing/page-map-lock.js';
import { Resolution } from '../page-sharing/page-sharing.js';
import type { Bug } from './bug.js';

class DropBeforeCopy extends PageMapLock {
  override resolveWrite(pagetable: number, va: number, pte: number): Resolution {
    const { mem, counters } = this.cx;
    const entry = mem.load32(pte);
    if ((entry & PTE_COW) === 0) return Resolution.Refused;
    const old = ptePa(entry);
    const fresh = this.kalloc.kalloc();
    if (fresh === 0) return Resolution.NoMemory;
    this.drop(old);
    mem.copy(fresh, old, PAGE_SIZE);
    counters.pageCopied();
    this.rewrite(pagetable, va, pte, old, makePte(fresh, privateFlags(entry)));
    return Resolution.Writable;
  }
}

export const dropBeforeCopy: Bug = {
  name: 'drop-before-copy',
  summary: 'the write fault drops the old frame before it has copied it',
  explanation:
    'The fault handler gives its reference away and then copies from the frame that it no longer has. Alone it ' +
    'gets away with it, unless it was the last sharer: then it frees the frame itself, kfree fills it with ' +
    'junk, and the junk is copied. With another sharer on another hart the same happens whenever that one lets ' +
    'go between the decrement and the copy.',
  designs: [pageMapLock.name],
  harmful: true,
  expected: ['use-after-free', 'content'],
  scenario: 'fault-exit',
  source: { mistake: 4 },
  change: (sound) => ({ ...sound, Sharing: DropBeforeCopy }),
};
