import { kmem } from '../layout.js';
import type { Taken } from '../memory/free-list.js';
import { HartFreeLists, hartFreeLists } from '../memory/hart-free-lists.js';
import type { Bug } from './bug.js';
import { hartListDesigns } from './which-designs.js';

const { lock } = kmem.fields;

class StealWithOwnLock extends HartFreeLists {
  override take(taken: Taken): number {
    const { spin } = this.cx;
    spin.acquire(lock.at(this.own));
    const pa = this.pop(this.own, taken) || this.steal(taken);
    spin.release(lock.at(this.own));
    return pa;
  }
}

export const stealWithOwnLock: Bug = {
  name: 'steal-with-own-lock',
  summary:
    'a thief keeps the lock of its own free list while it takes that of another: two thieves wait for each other',
  explanation:
    'kalloc takes the lock of its own list, finds the list empty, and goes on to the other lists with that lock in its ' +
    'hand. Two harts that run out of frames at once each hold what the other wants. It is the first version of almost ' +
    'everybody who does the exercise, and it passes as long as one hart alone runs out.',
  designs: hartListDesigns,
  freelist: hartFreeLists.name,
  harmful: true,
  expected: ['deadlock'],
  scenario: 'take-all',
  change: (sound) => ({ ...sound, freeList: { ...sound.freeList, FreeFrames: StealWithOwnLock } }),
};
