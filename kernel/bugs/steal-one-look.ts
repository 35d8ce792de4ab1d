import type { Taken } from '../memory/free-list.js';
import { HartFreeLists, hartFreeLists } from '../memory/hart-free-lists.js';
import type { Bug } from './bug.js';
import { hartListDesigns } from './which-designs.js';

class StealOneLook extends HartFreeLists {
  protected override steal(taken: Taken): number {
    for (const list of this.others) {
      const pa = this.stealFrom(list, taken);
      if (pa !== 0) return pa;
    }
    return 0;
  }
}

export const stealOneLook: Bug = {
  name: 'steal-one-look',
  summary: 'a thief looks at each list once, and there is no memory when all were empty: each was, but not at once',
  explanation:
    'Every list is looked at under its lock, one after the other, and when all were empty kalloc says that there is no ' +
    'memory. While the thief goes from the first to the last, a frame is put on the first, and the last one is taken from ' +
    'the last. At no time was memory used up, but a fork or a write fails for want of it.',
  designs: hartListDesigns,
  freelist: hartFreeLists.name,
  harmful: true,
  expected: ['wrong-result'],
  scenario: 'move-take',
  change: (sound) => ({ ...sound, freeList: { ...sound.freeList, FreeFrames: StealOneLook } }),
};
