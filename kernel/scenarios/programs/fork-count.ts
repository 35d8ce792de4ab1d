import { Question } from '../../../src/memory/access.js';
import type { ProgramScenario } from '../scenario.js';

/** The page with the counter is copied between the lr of one process and its sc, and an sc may fail for no reason. */
export const forkCount: ProgramScenario = {
  name: 'fork-count',
  summary: 'real RISC-V code: parent and child count by lr/sc in a page they share, twice, on whichever hart they wake',
  harts: 2,
  program: ['count', '2'],
  questions: [Question.TimerFires, Question.TlbEvicted, Question.StoreConditionalFails],
  verify: ({ outcome }) =>
    outcome === 0
      ? []
      : [{ place: 'a process lost count', summary: `count ended with status ${outcome}: a process lost count` }],
};
