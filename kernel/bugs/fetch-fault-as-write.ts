import { Cause } from '../../src/isa/causes.js';
import { kmemCount } from '../page-sharing/kmem-count.js';
import type { Traps } from '../trap/trap.js';
import type { Bug } from './bug.js';
import { sharingDesigns } from './which-designs.js';

const inTraps = (Sound: typeof Traps) =>
  class FetchFaultAsWrite extends Sound {
    protected override resolve(p: number, cause: number): boolean {
      return cause === Cause.InstructionPageFault ? this.storePageFault(p) : super.resolve(p, cause);
    }
  };

export const fetchFaultAsWrite: Bug = {
  name: 'fetch-fault-as-write',
  summary: 'an instruction page fault is taken for a write fault',
  explanation:
    'The handler for copy-on-write serves scause 12 as well as 15. A process that jumps into its data gets a ' +
    'private copy of the page and tries again; the page is writable now and no more executable than before, ' +
    'the handler takes the next fault for a stale translation, and process and kernel go round for ever. Where ' +
    'the handler gives up at the second fault it is only a copy made in vain.',
  designs: sharingDesigns,
  harmful: true,
  expected: ['livelock'],
  scenario: 'fetch-from-data',
  source: { mistake: 11, published: kmemCount.name },
  change: (sound) => ({ ...sound, Traps: inTraps(sound.Traps) }),
};
