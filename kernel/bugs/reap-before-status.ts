import type { Lifecycle } from '../process/fork-exit.js';
import { proc } from '../process/proc-struct.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const { parent, pid } = proc.fields;

const inLifecycle = (Sound: typeof Lifecycle) =>
  class ReapBeforeStatus extends Sound {
    protected override reap(p: number, child: number, addr: number): number {
      const { mem } = this.cx;
      const childPid = pid.load(mem, child);
      parent.store(mem, child, 0);
      this.table.freeproc(child);
      return this.tellStatus(p, child, addr) ? childPid : -1;
    }
  };

export const reapBeforeStatus: Bug = {
  name: 'reap-before-status',
  summary: 'wait gives the slot of the child back before it has read how the child ended',
  explanation:
    "wait frees the child's slot and then copies the exit status out of it. freeproc has cleared the status, " +
    'so the parent is told that every child ended with 0; and once the lock is released in that order too, the ' +
    "slot can already be the next process's.",
  designs: everyDesign,
  harmful: true,
  expected: ['content'],
  scenario: 'copyout-fault',
  change: (sound) => ({ ...sound, Lifecycle: inLifecycle(sound.Lifecycle) }),
};
