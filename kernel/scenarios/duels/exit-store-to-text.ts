import type { Duel } from '../scenario.js';
import { TEXT } from '../stage.js';

/** Its one instruction: `nop`. */
const INSTRUCTION = 0x13;

/** Whoever is left alone with a page may get rights back that it had before the fork; to its text it never had any. */
export const exitStoreToText: Duel = {
  name: 'exit-store-to-text',
  summary: 'a child exits while its parent, by then the last sharer of their text, tries to write to it',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.store(TEXT, 11), (user) => user.call('exit', 0)],
  verify(stage) {
    const seen = stage.word(stage.layout.procs[0]!, TEXT);
    if (seen === undefined || seen === INSTRUCTION) return [];
    return [{ place: 'text is written', summary: `proc[0] has written ${seen} to its text` }];
  },
};
