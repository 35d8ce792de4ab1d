import { Question } from '../../../src/memory/access.js';
import type { ProgramScenario } from '../scenario.js';

export const exitReserved: ProgramScenario = {
  name: 'exit-reserved',
  summary: 'real RISC-V code: a process exits with a reservation, and another, which has none, tries an sc on the page',
  harts: 2,
  program: ['leftover'],
  questions: [Question.TimerFires, Question.TlbEvicted, Question.StoreConditionalFails],
  verify: ({ outcome }) =>
    outcome === 0
      ? []
      : [
          {
            place: 'an sc without an lr succeeded',
            summary: `leftover ended with status ${outcome}: an sc without an lr succeeded`,
          },
        ],
};
