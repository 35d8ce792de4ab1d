import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import { ProcState } from '../../process/proc-struct.js';
import type { Duel } from '../scenario.js';
import { DATA, STACK_TOP } from '../stage.js';

/** What a process has from DATA upward. */
const ABOVE_DATA = STACK_TOP - DATA;

export const shrinkThenWrite: Duel = {
  name: 'shrink-then-write',
  summary: 'a child gives a page back and then writes to it, while another process takes a page',
  harts: 2,
  setup(stage) {
    stage.bootFamily();
    stage.users[1]!.store(DATA, 11);
  },
  parts: [
    (user) => user.call('sbrk', PAGE_SIZE),
    (user) => {
      user.call('sbrk', -ABOVE_DATA);
      user.store(DATA, 12);
    },
  ],
  verify(stage) {
    const [, child] = stage.layout.procs;
    if (stage.state(child!) !== ProcState.Running) return [];
    return [
      { place: 'a page that was given back is written', summary: 'proc[1] has written to a page that it gave back' },
    ];
  },
};
