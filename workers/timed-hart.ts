import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { requestStop } from '../src/hart/stop-request.js';
import { StopRequest } from '../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../src/memory/shared-memory.js';
import { ControlledAccess } from '../src/schedule/controlled-access.js';
import { takePartInRuns } from '../src/schedule/participant.js';
import { Turn } from '../src/schedule/turn.js';
import { type Prepared, type TimedRun, timedKind } from './timed-kind.js';

/** What a thread needs to be one hart, not the first, of a machine that keeps virtual time. Each run comes as a `BegunRun`. */
export interface TimedHartData {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  readonly spins: number;
  readonly kind: TimedRun['kind'];
  readonly prepared: Prepared;
}

/** A run that has been set up. */
export interface BegunRun {
  readonly run: TimedRun;
  /** What `TimedKind.begin` returned. */
  readonly at: number;
}

const { memory: handle, hart, spins, kind, prepared } = workerData as TimedHartData;
const memory = SharedMemory.attach(handle);
const turn = new Turn(memory, hart, { spins });
const access = new ControlledAccess(memory, turn);

/** Pairs with the post in `TimedMachine`, which comes before the first turn: the message is there by now. */
function latestRun(): BegunRun {
  let latest: unknown;
  for (let next = receiveMessageOnPort(parentPort!); next !== undefined; next = receiveMessageOnPort(parentPort!))
    latest = next.message;
  return latest as BegunRun;
}

try {
  const { open } = await timedKind(kind);
  const runs = open(memory, prepared);
  takePartInRuns(memory, turn, () => {
    const { run, at } = latestRun();
    return runs.player(run, at, hart, access);
  });
} catch (error) {
  // The others would wait for this hart for ever.
  requestStop(memory, StopRequest.Abort);
  throw error;
}
