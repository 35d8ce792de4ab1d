import type { Lifecycle } from '../process/fork-exit.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const inLifecycle = (Sound: typeof Lifecycle) =>
  class ShrinkWithoutFlush extends Sound {
    protected override flushResized(): void {}
  };

export const shrinkWithoutFlush: Bug = {
  name: 'shrink-without-flush',
  summary: 'sbrk gives pages back without a flush: the process still writes to them',
  explanation:
    'sbrk with a negative size removes the mappings and frees the frames, but the hart keeps the translations. ' +
    "The process can still store to memory that it gave back, which by then may be another process's page, or " +
    'a page table.',
  designs: everyDesign,
  harmful: true,
  expected: ['stale-tlb', 'content'],
  scenario: 'shrink-then-write',
  change: (sound) => ({ ...sound, Lifecycle: inLifecycle(sound.Lifecycle) }),
};
