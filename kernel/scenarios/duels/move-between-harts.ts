import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';
import type { User } from '../user.js';

const MIGRANT = 0;

function runsMigrant(user: User): boolean {
  return user.process === user.kernel.layout.procs[MIGRANT];
}

/**
 * The first process sleeps in wait, and the hart that it ran on is idle with its translations still cached. Whichever
 * hart takes it up may then lose it to the other.
 */
export const moveBetweenHarts: Duel = {
  name: 'move-between-harts',
  summary: 'a process that slept on one hart wakes, forks on another, and goes on writing on either',
  harts: 2,
  setup(stage) {
    stage.bootFamily();
    const [parent] = stage.users;
    parent!.store(DATA, 1);
    parent!.call('wait', 0);
  },
  parts: [
    (user) => {
      user.interrupt();
      if (runsMigrant(user)) user.store(DATA, 10);
    },
    (user) => {
      user.call('exit', 0);
      if (!runsMigrant(user)) return;
      user.call('fork');
      user.interrupt();
    },
  ],
  // The child of that fork, if there was one, is in the slot that wait gave back: it must not see what its parent wrote later.
  verify(stage) {
    const seen = stage.word(stage.layout.procs[1]!, DATA);
    if (seen === undefined || seen === 1) return [];
    const summary = `proc[1] sees ${seen} at 0x${DATA.toString(16)}, where it inherited 1`;
    return [{ place: 'what was inherited has changed', summary }];
  },
};
