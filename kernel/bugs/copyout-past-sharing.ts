import { PAGE_SIZE, ptePa } from '../../src/isa/sv39.js';
import type { CopyUser } from '../memory/copy-user.js';
import type { Bug } from './bug.js';
import { sharingDesigns } from './which-designs.js';

const inCopyUser = (Sound: typeof CopyUser) =>
  class CopyoutPastSharing extends Sound {
    protected override writable(pagetable: number, va: number): number {
      const pte = this.vm.userPte(pagetable, va);
      return pte === 0 ? 0 : ptePa(this.vm.entryAt(pte)) + (va % PAGE_SIZE);
    }
  };

export const copyoutPastSharing: Bug = {
  name: 'copyout-past-sharing',
  summary: 'copyout writes to a shared page without making a copy of it first',
  explanation:
    'The kernel writes to user memory by walking the page table itself, and its own write never faults. ' +
    "copyout checks that the page is there and the user's, as xv6 did, and writes: if the page is shared, the " +
    "bytes appear in every process that shares it. Here a parent's wait stores the exit status of one child " +
    'into the memory of another.',
  designs: sharingDesigns,
  harmful: true,
  expected: ['content'],
  scenario: 'copyout-fault',
  source: { mistake: 6 },
  change: (sound) => ({ ...sound, CopyUser: inCopyUser(sound.CopyUser) }),
};
