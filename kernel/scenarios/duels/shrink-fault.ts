import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA, STACK_TOP } from '../stage.js';

/** What a process has from DATA upward. */
const ABOVE_DATA = STACK_TOP - DATA;

export const shrinkFault: Duel = {
  name: 'shrink-fault',
  summary: 'one sharer gives its pages back with sbrk while the other writes one of them',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.call('sbrk', -ABOVE_DATA), (user) => user.store(DATA, 11)],
  verify: (stage) => sharedPageVerdicts(stage, [undefined, 11]),
};
