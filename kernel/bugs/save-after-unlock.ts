import { proc } from '../process/proc-struct.js';
import type { Scheduler } from '../process/scheduler.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { lock } = proc.fields;

const inScheduler = (Sound: typeof Scheduler) =>
  class SaveAfterUnlock extends Sound {
    override yieldHart(p: number): void {
      const { spin } = this.cx;
      spin.acquire(lock.at(p));
      this.table.leave(p);
      this.table.makeRunnable(p);
      spin.release(lock.at(p));
      this.table.saveUserState(p);
    }
  };

export const saveAfterUnlock: Bug = {
  name: 'save-after-unlock',
  summary: 'the registers of a preempted process are saved after other harts may take it up',
  explanation:
    'A hart that is to run another process marks the current one as runnable, releases its lock, and then ' +
    'saves its registers. Another hart can take the process up in between: it loads the registers of an ' +
    'earlier time and goes on from there, while the first hart stores over the trapframe that the second may ' +
    'be using.',
  designs: everyDesign,
  harmful: true,
  expected: ['content'],
  scenario: 'give-up-hart',
  change: (sound) => ({ ...sound, Scheduler: inScheduler(sound.Scheduler) }),
};
