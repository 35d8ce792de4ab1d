import { PAGE_SIZE, pageRoundUp, ptePa } from '../../src/isa/sv39.js';
import type { Vm } from '../memory/vm.js';
import { clearEntry } from '../page-sharing/entries.js';
import { mappedCount } from '../page-sharing/mapped-count.js';
import { pageMapLock } from '../page-sharing/page-map-lock.js';
import type { Bug } from './bug.js';

const inVm = (Sound: typeof Vm) =>
  class FreePastCount extends Sound {
    override uvmdealloc(pagetable: number, oldsz: number, newsz: number): void {
      for (let va = pageRoundUp(newsz); va < oldsz; va += PAGE_SIZE) {
        const pte = this.walk(pagetable, va, false);
        const pa = ptePa(this.entryAt(pte));
        clearEntry(this.cx.mem, pte, pa);
        this.kalloc.kfree(pa);
      }
    }
  };

export const freePastCount: Bug = {
  name: 'free-past-count',
  summary: 'sbrk gives pages back with kfree, whoever else maps them',
  explanation:
    'Counting came later, and one caller was forgotten: shrinking a process still calls kfree for every page, ' +
    'as xv6 did when a page had one owner. Pages that a parent or child still maps go to the free list, and ' +
    'the next kalloc hands them to somebody else. The design that counts inside kfree cannot have this ' +
    'mistake, which is why its author put the decrement there.',
  designs: [pageMapLock.name, mappedCount.name],
  harmful: true,
  expected: ['use-after-free', 'double-free', 'ledger', 'panic'],
  scenario: 'shrink-fault',
  source: { mistake: 5 },
  change: (sound) => ({ ...sound, Vm: inVm(sound.Vm) }),
};
