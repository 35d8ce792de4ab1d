import type { Duel } from '../scenario.js';

export const waitExit: Duel = {
  name: 'wait-exit',
  summary: 'a parent goes to sleep in wait while its child exits: a wakeup that comes too early is lost',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.call('wait', 0), (user) => user.call('exit', 0)],
};
