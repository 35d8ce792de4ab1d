import { PAGE_SIZE, Satp } from '../../src/isa/sv39.js';
import { hiddenWrite } from '../page-sharing/hidden-write/hidden-write.js';
import type { Scheduler } from '../process/scheduler.js';
import type { Bug } from './bug.js';
import { sharingDesigns } from './which-designs.js';

const inScheduler = (Sound: typeof Scheduler) =>
  class FlushOnNewTable extends Sound {
    protected override switchTo(root: number): void {
      const { hart } = this.cx;
      const current = Number(hart.getCsr('satp') & Satp.ppnMask) * PAGE_SIZE;
      if (root !== current) super.switchTo(root);
    }
  };

export const flushOnNewTable: Bug = {
  name: 'flush-on-new-table',
  summary:
    'a hart that takes up the process it ran last does not flush: the process may have forked elsewhere meanwhile',
  explanation:
    'Switching to the address space that satp holds already seems to need no flush, and skipping it makes a ' +
    'process that sleeps and wakes on an idle hart cheaper. But the process may have run on another hart in ' +
    'between. If it forked there, that hart was flushed and this one was not: back here the process writes to ' +
    'shared pages by translations from before the fork.',
  // In hidden-write the exit that wakes the process asks for this very flush, to give a page back.
  designs: sharingDesigns.filter((name) => name !== hiddenWrite.name),
  harmful: true,
  expected: ['stale-tlb', 'content'],
  scenario: 'move-between-harts',
  source: { mistake: 15 },
  change: (sound) => ({ ...sound, Scheduler: inScheduler(sound.Scheduler) }),
};
