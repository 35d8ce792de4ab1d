import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

/** What the taker writes into its memory when there was a page for it, and when there was none. */
const TAKEN = 1;
const REFUSED = 2;

/** By slot in the process table. */
const TAKER = 1;
const MIGRANT = 2;

/** Where each hart has a free list, the last frame is on that of hart 0, and the taker, on hart 1, looks at hart 2's first. */
export const moveTake: Duel = {
  name: 'move-take',
  summary: 'a process gives a page back on one hart and takes the last one on another, while a third process takes one',
  harts: 3,
  setup(stage) {
    stage.bootFamily();
    const [parent, taker, migrant] = stage.users;
    // Hart 0 is idle then, and will take the migrant up.
    parent!.call('wait', 0);
    // Somebody for hart 2 to go on with.
    migrant!.call('fork');
    migrant!.call('sbrk', PAGE_SIZE);
    // A page of its own, so that no later write needs one.
    taker!.store(DATA, TAKEN);
    while (stage.freeFrames > 1) taker!.call('sbrk', PAGE_SIZE);
  },
  parts: [
    (user) => {
      user.interrupt();
      if (user.process === user.kernel.layout.procs[MIGRANT]) user.call('sbrk', PAGE_SIZE);
    },
    (user) => {
      user.call('sbrk', PAGE_SIZE);
      user.store(DATA, user.returned < 0 ? REFUSED : TAKEN);
    },
    (user) => {
      user.call('sbrk', -PAGE_SIZE);
      user.interrupt();
    },
  ],
  // Nobody takes the last frame before another was given back.
  outcome(stage) {
    if (stage.word(stage.layout.procs[TAKER]!, DATA) !== REFUSED) return [];
    const summary = 'an allocation failed, and at no time was there no free frame';
    return [{ place: 'an allocation fails although a frame is free', summary }];
  },
};
