import { ProcState } from '../../process/proc-struct.js';
import type { Duel } from '../scenario.js';
import { TEXT } from '../stage.js';

export const storeToText: Duel = {
  name: 'store-to-text',
  summary: 'a child stores to its text, which is shared but was never writable, while its parent waits for it',
  harts: 2,
  setup: (stage) => stage.bootFamily(),
  parts: [(user) => user.call('wait', 0), (user) => user.store(TEXT, 11)],
  verify(stage) {
    const [, child] = stage.layout.procs;
    if (stage.state(child!) !== ProcState.Running) return [];
    return [{ place: 'text is written', summary: 'proc[1] has written to its text, and runs on' }];
  },
};
