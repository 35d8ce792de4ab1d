import { reuseSlot, startBesideZombie } from '../reused-slot.js';
import type { Duel } from '../scenario.js';

export const reuseFork: Duel = {
  name: 'reuse-fork',
  summary: 'one process reaps a child and forks into its slot while another forks into the next',
  harts: 2,
  setup: startBesideZombie,
  parts: [reuseSlot, (user) => user.call('fork')],
};
