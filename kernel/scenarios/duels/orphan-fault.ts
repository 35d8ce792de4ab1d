import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

export const orphanFault: Duel = {
  name: 'orphan-fault',
  summary: 'a process exits whose parent and whose child share a page with one another; both write it',
  harts: 2,
  setup(stage) {
    stage.bootFamily();
    stage.users[1]!.call('fork');
  },
  parts: [
    (user) => user.store(DATA, 10),
    (user) => {
      user.call('exit', 0);
      // The hart has taken the child up.
      user.store(DATA, 12);
    },
  ],
  verify: (stage) => sharedPageVerdicts(stage, [10, undefined, 12]),
};
