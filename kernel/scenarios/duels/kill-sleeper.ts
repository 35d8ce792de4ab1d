import type { Duel } from '../scenario.js';

/** Pid of the first child. */
const SLEEPER = 2;

export const killSleeper: Duel = {
  name: 'kill-sleeper',
  summary: 'a process that sleeps in wait is killed by its parent while its own child exits and wakes it',
  harts: 2,
  setup(stage) {
    const [parent, child] = stage.users;
    parent!.kernel.start(parent!.hart);
    parent!.call('fork');
    child!.kernel.start(child!.hart);
    child!.call('fork');
    // It sleeps, and the hart takes up its child.
    child!.call('wait', 0);
  },
  parts: [
    (user) => {
      user.call('kill', SLEEPER);
      user.call('wait', 0);
    },
    (user) => user.call('exit', 0),
  ],
};
