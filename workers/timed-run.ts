import { NoRoomError } from '../src/memory/shared-memory.js';
import type { TimeCosts } from '../src/schedule/time-costs.js';
import type { TimedResults, TimedRun } from './timed-kind.js';
import { TimedMachine } from './timed-machine.js';

/** One run in virtual time. Structured-cloneable. */
export interface TimedTask {
  /** Harts of the machine, which stays up for the next task: at least as many as the run has, for `work` exactly so many. */
  readonly machine: number;
  readonly run: TimedRun;
  readonly costs: TimeCosts;
  /** Of the order in which harts get what they want in the same cycle. */
  readonly seed: number;
}

let machine: TimedMachine | undefined;

/** Thread entry (piscina): this thread is hart 0 of its machine and coordinates the others. Throws RangeError where there is no room. */
export default async function timedRun(task: TimedTask): Promise<TimedResults[keyof TimedResults]> {
  const { machine: harts, run, costs, seed } = task;
  if (machine?.harts !== harts || machine.kind !== run.kind) {
    await machine?.dismiss();
    machine = undefined;
    machine = await roomFor(() => TimedMachine.raise(run.kind, harts));
  }
  return machine.run(run, costs, seed);
}

/** Only a RangeError still is one on the thread that asked. */
async function roomFor<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof NoRoomError) throw new RangeError(error.message, { cause: error });
    throw error;
  }
}
