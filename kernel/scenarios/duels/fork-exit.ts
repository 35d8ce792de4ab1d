import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';

export const forkExit: Duel = {
  name: 'fork-exit',
  summary: 'one sharer forks, which adds references, while the other exits, which drops them',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.call('fork'), (user) => user.call('exit', 0)],
  verify: (stage) => sharedPageVerdicts(stage, [1, undefined]),
};
