import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

/** The kernel must end the child: what is not executable does not become so by being copied. */
export const fetchFromData: Duel = {
  name: 'fetch-from-data',
  summary: 'a child jumps into its data, which is shared, while its parent waits for it',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.call('wait', 0), (user) => user.fetch(DATA)],
};
