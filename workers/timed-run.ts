import { NoRoomError } from '../src/memory/shared-memory.js';
import type { TimeCosts } from '../src/schedule/time-costs.js';
import { TimedMachine } from './timed-machine.js';
import type { TimedResults, TimedRun } from './timed-player.js';

/** One run in virtual time. Structured-cloneable. */
export interface TimedTask {
  /** Harts of the machine, which stays up for the next task: at least as many as the run has. */
  readonly machine: number;
  readonly run: TimedRun;
  readonly costs: TimeCosts;
  /** Of the order in which harts get what they want in the same cycle. */
  readonly seed: number;
}

let machine: TimedMachine | undefined;

/** Thread entry (piscina): this thread is hart 0 of its machine and coordinates the others. Throws RangeError where there is no room. */
export default async function timedRun({
  machine: harts,
  run,
  costs,
  seed,
}: TimedTask): Promise<TimedResults[keyof TimedResults]> {
  const wanted = run.kind === 'work' ? run.harts : harts;
  if (machine?.harts !== wanted || machine.kind !== run.kind) {
    await machine?.dismiss();
    machine = roomFor(() => new TimedMachine(run.kind, wanted));
  }
  return machine.run(run, costs, seed);
}

/** Only a RangeError still is one on the thread that asked. */
function roomFor<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof NoRoomError) throw new RangeError(error.message, { cause: error });
    throw error;
  }
}
