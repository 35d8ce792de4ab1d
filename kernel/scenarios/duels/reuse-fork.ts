import type { Duel } from '../scenario.js';

export const reuseFork: Duel = {
  name: 'reuse-fork',
  summary: 'one process reaps a child and forks into its slot while another forks into the next',
  harts: 2,
  setup(stage) {
    const [parent, sibling] = stage.users;
    parent!.kernel.start(parent!.hart);
    parent!.call('fork');
    sibling!.kernel.start(sibling!.hart);
    sibling!.call('exit', 0);
    parent!.call('fork');
    sibling!.interrupt();
  },
  parts: [
    (user) => {
      user.call('wait', 0);
      user.call('fork');
    },
    (user) => user.call('fork'),
  ],
};
