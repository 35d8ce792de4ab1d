import type { ProcessTable } from '../process/proc.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const inProcessTable = (Sound: typeof ProcessTable) =>
  class PidWithoutLock extends Sound {
    override allocpid(): number {
      return this.nextpid();
    }
  };

export const pidWithoutLock: Bug = {
  name: 'pid-without-lock',
  summary: 'pids are given out without their lock: two children get the same one',
  explanation:
    'The next pid is read and incremented without the lock. Two forks at once, of different slots, read the same value, and two ' +
    'processes have one pid: wait reports a child that is not the one, and kill ends whichever comes first in ' +
    'the table.',
  designs: everyDesign,
  harmful: true,
  expected: ['wrong-result'],
  scenario: 'reuse-fork',
  change: (sound) => ({ ...sound, ProcessTable: inProcessTable(sound.ProcessTable) }),
};
