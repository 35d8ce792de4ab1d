import { MAXVA } from '../../../src/isa/sv39.js';
import type { Duel } from '../scenario.js';

/** The kernel must end the child, and nothing else. */
export const storeAboveMemory: Duel = {
  name: 'store-above-memory',
  summary: 'a child stores at the first address that no page table can map, while its parent waits for it',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.call('wait', 0), (user) => user.store(MAXVA, 11)],
};
