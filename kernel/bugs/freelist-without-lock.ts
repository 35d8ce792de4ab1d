import type { Taken } from '../memory/free-list.js';
import { OneFreeList, oneFreeList } from '../memory/one-free-list.js';
import type { Bug } from './bug.js';
import { sharingDesigns } from './which-designs.js';

class FreelistWithoutLock extends OneFreeList {
  protected override takeFrom(list: number, taken: Taken): number {
    return this.pop(list, taken);
  }
}

export const freelistWithoutLock: Bug = {
  name: 'freelist-without-lock',
  summary: 'kalloc takes the first free frame without kmem.lock: two harts get the same one',
  explanation:
    'Taking the head of a list is a load and a store. Two harts that allocate at once load the same head, and ' +
    'two processes write to one frame, each believing it its own. The exercise that every course on locks ' +
    'begins with, and the damage shows up far from it.',
  designs: sharingDesigns,
  harmful: true,
  expected: ['double-allocation', 'use-after-free', 'ledger', 'content'],
  scenario: 'fault-fault',
  freelist: oneFreeList.name,
  change: (sound) => ({ ...sound, freeList: { ...oneFreeList, FreeFrames: FreelistWithoutLock } }),
};
