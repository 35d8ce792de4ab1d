import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

export const threeSharers: Duel = {
  name: 'three-sharers',
  summary: 'of three sharers of a page two write it and one exits, at once',
  harts: 3,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.store(DATA, 10), (user) => user.store(DATA, 11), (user) => user.call('exit', 0)],
  verify: (stage) => sharedPageVerdicts(stage, [10, 11, undefined]),
};
