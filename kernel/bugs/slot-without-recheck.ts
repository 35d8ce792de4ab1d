import type { ProcessTable } from '../process/proc.js';
import type { Bug } from './bug.js';
import { everyDesign } from './which-designs.js';

const inProcessTable = (Sound: typeof ProcessTable) =>
  class SlotWithoutRecheck extends Sound {
    protected override isUnused(_p: number): boolean {
      return true;
    }
  };

export const slotWithoutRecheck: Bug = {
  name: 'slot-without-recheck',
  summary: 'fork takes a slot that looked unused before it had the lock: two children in one slot',
  explanation:
    'allocproc looks for an unused slot without locks and locks the one it found, but does not look again. Two ' +
    'forks at once see the same slot; the second waits for the lock, gets it when the first has made its ' +
    'child, and makes its own child over it. A process has vanished, and its memory with it.',
  designs: everyDesign,
  harmful: true,
  expected: ['ledger', 'wrong-result', 'panic'],
  scenario: 'fork-fork',
  change: (sound) => ({ ...sound, ProcessTable: inProcessTable(sound.ProcessTable) }),
};
