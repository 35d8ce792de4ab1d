import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

export const faultExit: Duel = {
  name: 'fault-exit',
  summary: 'one sharer of a page writes it while the other exits',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.store(DATA, 10), (user) => user.call('exit', 0)],
  verify: (stage) => sharedPageVerdicts(stage, [10, undefined]),
};
