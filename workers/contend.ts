import type { ContentionConfig } from '../kernel/scenarios/contention.js';
import { type ContentionFigures, contentionFigures } from '../kernel/scenarios/contention-figures.js';
import { type ContentionTimeline, contentionTimeline } from '../kernel/scenarios/contention-timeline.js';
import { NoRoomError } from '../src/memory/shared-memory.js';
import type { TimeCosts } from '../src/schedule/time-costs.js';
import { ContentionMachine } from './contention-machine.js';

/** One run. Structured-cloneable. */
export interface ContendTask {
  /** Harts of the machine, which stays up for the next task: at least as many as the run has. */
  readonly machine: number;
  readonly run: ContentionConfig;
  readonly costs: TimeCosts;
}

/** What came of it. Structured-cloneable. */
export interface Contended {
  readonly figures: ContentionFigures;
  readonly timeline: ContentionTimeline;
}

let machine: ContentionMachine | undefined;

/** Thread entry (piscina): this thread is hart 0 of its machine and coordinates the others. Throws RangeError where there is no room. */
export default async function contend({ machine: harts, run, costs }: ContendTask): Promise<Contended> {
  if (machine?.harts !== harts) {
    await machine?.dismiss();
    machine = roomFor(() => new ContentionMachine(harts));
  }
  const record = machine.run(run, costs);
  return { figures: contentionFigures(record.acquisitions, run.harts), timeline: contentionTimeline(record) };
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
