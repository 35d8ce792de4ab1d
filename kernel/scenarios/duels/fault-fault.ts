import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

/** Parent and child write the page that only they share, at once: the last two references. */
export const faultFault: Duel = {
  name: 'fault-fault',
  summary: 'two sharers of a page write it at once: the last two references',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.store(DATA, 10), (user) => user.store(DATA, 11)],
  verify: (stage) => sharedPageVerdicts(stage, [10, 11]),
};
