import type { RunReport } from '../../src/report/run-summary.js';
import { stressMachine } from '../support/stress-machine.js';

/** Seconds. The others stop at once when one has died; how long a busy machine takes over that is nobody's business. */
const PATIENCE = { stop: 60, abort: 60 };

/** Runs the stress program with threads one of which dies. */
export async function runDying(how: string): Promise<RunReport> {
  const dying = stressMachine({
    hartThread: new URL(`../support/dying/${how}.js`, import.meta.url),
    patience: PATIENCE,
  });
  await dying.run();
  return dying.report();
}
