import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

export const forkFault: Duel = {
  name: 'fork-fault',
  summary: 'one sharer forks while the other writes a shared page',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.call('fork'), (user) => user.store(DATA, 11)],
  verify: (stage) => sharedPageVerdicts(stage, [1, 11]),
};
