import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

/** As many as eight bits can count, and one more. */
const SHARERS = 256;

/** Their page tables take three frames each. */
export const manySharers: Duel = {
  name: 'many-sharers',
  summary: '256 processes share a page; one forks while another writes it',
  harts: 2,
  needs: { memory: 8, processes: SHARERS + 2 },
  setup(stage) {
    const [parent, child] = stage.users;
    stage.bootFamily();
    for (let sharers = 2; sharers < SHARERS; sharers++) parent!.call('fork');
    if (child!.process === 0) throw new Error('the second hart runs no child');
  },
  parts: [(user) => user.call('fork'), (user) => user.store(DATA, 11)],
  verify: (stage) => sharedPageVerdicts(stage, [1, 11]),
};
