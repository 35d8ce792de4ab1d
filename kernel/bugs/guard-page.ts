import { MAXVA, Pte } from '../../src/isa/sv39.js';
import type { Vm } from '../memory/vm.js';
import type { Bug } from './bug.js';
import { sharingDesigns } from './which-designs.js';

const inVm = (Sound: typeof Vm) =>
  class GuardPage extends Sound {
    override userPte(pagetable: number, va: number): number {
      if (!(va >= 0 && va < MAXVA)) return 0;
      const pte = this.walk(pagetable, va, false);
      return pte !== 0 && (this.entryAt(pte) & Pte.V) !== 0 ? pte : 0;
    }
  };

export const guardPage: Bug = {
  name: 'guard-page',
  summary: "the fault handler resolves writes to the guard page, which is mapped but not the user's",
  explanation:
    'The guard page below the stack is mapped without PTE_U. The handler only looks whether the page is there ' +
    'and shared, makes a private copy, and lets the process try again; it faults again, as the page is still ' +
    "not the user's. A stack overflow, instead of ending the process, goes round for ever between user code " +
    'and kernel. copyout, which asks the same function, writes to the guard page without a word.',
  designs: sharingDesigns,
  harmful: true,
  expected: ['livelock'],
  scenario: 'store-to-guard',
  source: { mistake: 11 },
  change: (sound) => ({ ...sound, Vm: inVm(sound.Vm) }),
};
