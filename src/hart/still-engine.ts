import { type Engine, Exit } from './engine.js';

/** For those who look at a hart and never run it. */
export const stillEngine: Engine = { run: () => Exit.Budget, flushTlb() {}, flushCode() {} };
