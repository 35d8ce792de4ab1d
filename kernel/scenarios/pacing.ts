import type { Hart } from '../../src/hart/hart.js';

/** What a hart that runs user code asks of the schedule, beside what its kernel asks by accessing memory. */
export interface Pacing {
  /** Another hart may run before the next basic block of user code. */
  betweenBlocks(): void;
  /** The hart has nothing to run until its doorbell rings. */
  idle(hart: Hart): void;
}
