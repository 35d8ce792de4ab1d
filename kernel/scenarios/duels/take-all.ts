import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import type { Duel } from '../scenario.js';

/** Free frames at the beginning; one process takes them, and the page that the other gives back meanwhile. */
const LEFT = 2;
/** Those pages, and once more. */
const CALLS = LEFT + 2;

/** The shape of the xv6 lock lab's `kalloctest`. */
export const takeAll: Duel = {
  name: 'take-all',
  summary: 'one process takes page after page until there is none, while another gives one back and takes one',
  harts: 2,
  setup(stage) {
    stage.bootFamily();
    const [taker, other] = stage.users;
    other!.call('sbrk', PAGE_SIZE);
    // Where each hart has a list, the taker's is empty then.
    while (stage.freeFrames > LEFT) taker!.call('sbrk', PAGE_SIZE);
  },
  parts: [
    (user) => {
      for (let call = 0; call < CALLS; call++) user.call('sbrk', PAGE_SIZE);
    },
    (user) => {
      user.call('sbrk', -PAGE_SIZE);
      user.call('sbrk', PAGE_SIZE);
    },
  ],
  // Whoever comes first: the last one to ask takes what is left, or there was nothing.
  outcome({ freeFrames }) {
    if (freeFrames === 0) return [];
    const summary = `an allocation failed, and ${freeFrames} frames are left`;
    return [{ place: 'an allocation fails although a frame is free', summary }];
  },
};
