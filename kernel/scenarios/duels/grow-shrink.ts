import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA, STACK_TOP } from '../stage.js';

/** What a process has from DATA upward. */
const ABOVE_DATA = STACK_TOP - DATA;

export const growShrink: Duel = {
  name: 'grow-shrink',
  summary: 'one process takes a page with sbrk while another gives back one that it alone has',
  harts: 2,
  setup(stage) {
    stage.bootFamily();
    stage.users[1]!.store(DATA, 11);
  },
  parts: [(user) => user.call('sbrk', PAGE_SIZE), (user) => user.call('sbrk', -ABOVE_DATA)],
  verify: (stage) => sharedPageVerdicts(stage, [1, undefined]),
};
