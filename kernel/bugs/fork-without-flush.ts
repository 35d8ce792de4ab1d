import type { Lifecycle } from '../process/fork-exit.js';
import type { Bug } from './bug.js';
import { sharingDesigns } from './which-designs.js';

const inLifecycle = (Sound: typeof Lifecycle) =>
  class ForkWithoutFlush extends Sound {
    protected override flushParent(): void {}
  };

export const forkWithoutFlush: Bug = {
  name: 'fork-without-flush',
  summary: 'fork does not flush the TLB of the hart that it runs on: the parent goes on writing to shared pages',
  explanation:
    "fork takes the parent's right to write in the page table, but the hart still has the translations cached " +
    "that grant it, and returns to the parent without an sfence.vma. The parent's next store hits in the TLB, " +
    'never faults, and lands in the frame that the child has by now, too.',
  designs: sharingDesigns,
  harmful: true,
  expected: ['stale-tlb', 'content'],
  scenario: 'fork-then-write',
  source: { mistake: 15 },
  change: (sound) => ({ ...sound, Lifecycle: inLifecycle(sound.Lifecycle) }),
};
