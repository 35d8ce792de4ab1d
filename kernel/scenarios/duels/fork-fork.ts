import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';

export const forkFork: Duel = {
  name: 'fork-fork',
  summary: 'two sharers fork at once: both add a reference to every page',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.call('fork'), (user) => user.call('fork')],
  verify: (stage) => sharedPageVerdicts(stage, [1, 1]),
};
