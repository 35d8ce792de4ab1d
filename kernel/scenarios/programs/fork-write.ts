import { Question } from '../../../src/memory/access.js';
import type { ProgramScenario } from '../scenario.js';

/** The stress program in its shortest form: one worker that forks once, over one page. */
export const forkWrite: ProgramScenario = {
  name: 'fork-write',
  summary: 'the stress program as real RISC-V code: one worker forks once, and both write the page',
  harts: 2,
  program: ['forkwrite', '1', '1', '1'],
  questions: [Question.TimerFires, Question.TlbEvicted],
  verify: ({ outcome }) =>
    outcome === 0
      ? []
      : [
          {
            place: 'a process saw a wrong word',
            summary: `forkwrite ended with status ${outcome}: a process saw a wrong word`,
          },
        ],
};
