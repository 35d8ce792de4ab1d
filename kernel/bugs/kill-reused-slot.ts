import { ProcState, proc } from '../process/proc-struct.js';
import type { Sleep } from '../process/sleep.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { lock, state, killed, pid } = proc.fields;

const inSleep = (Sound: typeof Sleep) =>
  class KillReusedSlot extends Sound {
    override kill(victim: number): boolean {
      const { mem, spin, layout } = this.cx;
      const p = layout.procs.find((slot) => victim > 0 && pid.load(mem, slot) === victim);
      if (p === undefined) return false;
      // The slot may be somebody else's by now.
      spin.acquire(lock.at(p));
      killed.store(mem, p, 1);
      if (state.load(mem, p) === ProcState.Sleeping) this.wake(p);
      spin.release(lock.at(p));
      return true;
    }
  };

export const killReusedSlotBug: Bug = {
  name: 'kill-reused-slot',
  summary: 'kill finds the pid without the lock and does not look again: it kills the next process in the slot',
  explanation:
    'kill searches the table for the pid without locks, which is cheaper, and locks the slot that it found. ' +
    'Between the two, the process can be reaped by its parent and its slot be given to a new process. Without ' +
    'a second look at the pid under the lock, a process dies that nobody meant.',
  designs: everyDesign,
  harmful: true,
  expected: ['wrong-result'],
  scenario: 'kill-reused-slot',
  change: (sound) => ({ ...sound, Sleep: inSleep(sound.Sleep) }),
};
