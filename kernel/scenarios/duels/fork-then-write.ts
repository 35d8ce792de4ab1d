import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA, MORE_DATA } from '../stage.js';

/** The parent's hart has the translation cached that lets it write, from before the fork. */
export const forkThenWrite: Duel = {
  name: 'fork-then-write',
  summary: 'a parent writes a page, forks, and writes the page again, while another hart takes the child up',
  harts: 2,
  setup(stage) {
    const [parent, child] = stage.users;
    parent!.kernel.start(parent!.hart);
    child!.kernel.start(child!.hart);
    parent!.store(DATA, 1);
    parent!.store(MORE_DATA, 1);
  },
  parts: [
    (user) => {
      user.call('fork');
      user.store(DATA, 10);
    },
    (user) => {
      user.interrupt();
      if (user.process !== 0) user.load(DATA);
    },
  ],
  verify: (stage) => sharedPageVerdicts(stage, [10, 1]),
};
