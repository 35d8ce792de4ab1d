import type { Duel } from '../scenario.js';
import { GUARD } from '../stage.js';

/** The kernel must end the child: the page is there, but it is not the user's. */
export const storeToGuard: Duel = {
  name: 'store-to-guard',
  summary: 'a child stores to the guard page below its stack, while its parent waits for it',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.call('wait', 0), (user) => user.store(GUARD, 11)],
};
