import type { Duel } from '../scenario.js';

/** Pid of the first child. */
const CHILD = 2;

export const killExit: Duel = {
  name: 'kill-exit',
  summary: 'a parent kills its child, which is exiting, and waits for it',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [
    (user) => {
      user.call('kill', CHILD);
      user.call('wait', 0);
    },
    (user) => user.call('exit', 0),
  ],
};
