import { PAGE_SIZE, PTES_PER_TABLE } from '../../../src/isa/sv39.js';
import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA, MORE_DATA, STACK_TOP } from '../stage.js';

/** Root, second level, first leaf table: the second leaf table is one frame too many. */
const FRAMES_LEFT = 3;

const SLACK = 8;

/** The process is too large for one leaf table, so that its fork has shared pages already when it finds no memory. */
export const failedFork: Duel = {
  name: 'failed-fork',
  summary: 'a fork runs out of memory half-way, and the parent writes on, while another process reads the same page',
  harts: 2,
  needs: { memory: 8 },
  setup(stage) {
    const [parent, child] = stage.users;
    parent!.kernel.start(parent!.hart);
    parent!.call('sbrk', (PTES_PER_TABLE + 1) * PAGE_SIZE - STACK_TOP);
    parent!.store(DATA, 1);
    parent!.store(MORE_DATA, 1);
    parent!.call('fork');
    child!.kernel.start(child!.hart);
    // Writable again, for the failed fork to restore.
    parent!.store(MORE_DATA, 1);
    // The rest of memory; page by page at the end, as its page table grows, too.
    child!.call('sbrk', (stage.freeFrames - FRAMES_LEFT - SLACK) * PAGE_SIZE);
    while (stage.freeFrames > FRAMES_LEFT) child!.call('sbrk', PAGE_SIZE);
  },
  parts: [
    (user) => {
      user.call('fork');
      user.store(MORE_DATA, 1);
    },
    (user) => user.load(DATA),
  ],
  verify: (stage) => sharedPageVerdicts(stage, [1, 1]),
};
