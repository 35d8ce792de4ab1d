import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

export const twoIdleHarts: Duel = {
  name: 'two-idle-harts',
  summary: 'two harts look for work, and there is one process to run',
  harts: 2,
  setup(stage) {
    const [first, second] = stage.users;
    first!.kernel.start(first!.hart);
    second!.kernel.start(second!.hart);
    first!.call('fork');
  },
  parts: [
    (user) => user.call('wait', 0),
    (user) => {
      user.interrupt();
      if (user.process !== 0) user.store(DATA, 11);
    },
  ],
};
