import type { Taken } from '../memory/free-list.js';
import { HartFreeLists, hartFreeLists } from '../memory/hart-free-lists.js';
import type { Bug } from './bug.js';
import { hartListDesigns } from './which-designs.js';

class StealWithoutLock extends HartFreeLists {
  protected override stealFrom(list: number, taken: Taken): number {
    return this.pop(list, taken);
  }
}

export const stealWithoutLock: Bug = {
  name: 'steal-without-lock',
  summary: "a hart whose free list is empty takes a frame from another's without the lock of that list",
  explanation:
    'Each hart has a free list and a lock for it. A thief takes the head of a list that is not its own and holds no lock, ' +
    'or, what comes to the same, the lock of its own. While memory lasts nobody steals, and every test passes. Then the ' +
    'thief and the owner load the same head, and two processes have one frame.',
  designs: hartListDesigns,
  freelist: hartFreeLists.name,
  harmful: true,
  expected: ['double-allocation', 'use-after-free', 'ledger', 'content'],
  scenario: 'take-all',
  change: (sound) => ({ ...sound, freeList: { ...sound.freeList, FreeFrames: StealWithoutLock } }),
};
