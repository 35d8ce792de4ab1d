import { PAGE_SIZE } from '../../src/isa/sv39.js';
import { Question } from '../../src/memory/access.js';
import { ALLOCATED_JUNK, type Kalloc } from '../memory/kalloc.js';
import type { Bug } from './bug.js';
import { sharingDesigns } from './which-designs.js';

const inKalloc = (Sound: typeof Kalloc) =>
  class FreelistWithoutLock extends Sound {
    override kalloc(): number {
      const { mem } = this.cx;
      if (mem.ask(Question.AllocationFails) !== 0) return 0;
      const pa = this.pop();
      if (pa !== 0) mem.fill(pa, ALLOCATED_JUNK, PAGE_SIZE);
      return pa;
    }
  };

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
  change: (sound) => ({ ...sound, Kalloc: inKalloc(sound.Kalloc) }),
};
