import type { Scheduler } from '../process/scheduler.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const inScheduler = (Sound: typeof Scheduler) =>
  class PickWithoutRecheck extends Sound {
    protected override isRunnable(_p: number): boolean {
      return true;
    }
  };

export const pickWithoutRecheck: Bug = {
  name: 'pick-without-recheck',
  summary: 'a hart takes up what looked runnable before it had the lock: two harts run one process',
  explanation:
    'The scheduler looks for a runnable process without locks and locks the one it found, but does not look ' +
    'again. Two idle harts see the same process, take its lock one after the other, and both run it: one page ' +
    'table, one trapframe and one process on two harts.',
  designs: everyDesign,
  harmful: true,
  expected: ['wrong-result', 'panic', 'double-free', 'use-after-free', 'ledger'],
  scenario: 'two-idle-harts',
  change: (sound) => ({ ...sound, Scheduler: inScheduler(sound.Scheduler) }),
};
