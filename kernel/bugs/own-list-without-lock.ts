import { HartFreeLists, hartFreeLists } from '../memory/hart-free-lists.js';
import type { Bug } from './bug.js';
import { hartListDesigns } from './which-designs.js';

class OwnListWithoutLock extends HartFreeLists {
  protected override putOn(list: number, pa: number): void {
    this.push(list, pa);
  }
}

export const ownListWithoutLock: Bug = {
  name: 'own-list-without-lock',
  summary: 'a hart puts frames on its own free list without the lock: the list is its own, but for thieves',
  explanation:
    'Nobody but its owner puts frames on a free list, so the owner does it without the lock. But others take from it. The ' +
    'owner links the frame in front of the head that it has loaded, a thief takes that head meanwhile, and the list that ' +
    'the owner then stores begins with its frame and goes on with one that is in use.',
  designs: hartListDesigns,
  freelist: hartFreeLists.name,
  harmful: true,
  expected: ['double-allocation', 'use-after-free', 'ledger', 'content'],
  scenario: 'take-all',
  change: (sound) => ({ ...sound, freeList: { ...sound.freeList, FreeFrames: OwnListWithoutLock } }),
};
