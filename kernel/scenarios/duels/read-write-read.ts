import { sharedPageVerdicts } from '../content.js';
import type { Duel } from '../scenario.js';
import { DATA } from '../stage.js';

/** Where a process writes down what it read. */
const NOTE = DATA + 8;

export const readWriteRead: Duel = {
  name: 'read-write-read',
  summary: 'two sharers of a page read it, write it, and read it back: each must see what it wrote',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [10, 11].map((value) => (user) => {
    user.load(DATA);
    user.store(DATA, value);
    user.store(NOTE, user.load(DATA) ?? 0);
  }),
  verify(stage) {
    const readBack = [10, 11].flatMap((value, slot) => {
      const read = stage.word(stage.layout.procs[slot]!, NOTE);
      if (read === value) return [];
      return [{ place: 'a write is not read back', summary: `proc[${slot}] wrote ${value} and read ${read} back` }];
    });
    return [...sharedPageVerdicts(stage, [10, 11]), ...readBack];
  },
};
