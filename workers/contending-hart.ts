import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { ContendingHart, type ContentionConfig } from '../kernel/scenarios/contention.js';
import { requestStop } from '../src/hart/stop-request.js';
import { StopRequest } from '../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../src/memory/shared-memory.js';
import { ControlledAccess } from '../src/schedule/controlled-access.js';
import { takePartInRuns } from '../src/schedule/participant.js';
import { Turn } from '../src/schedule/turn.js';

/** What a thread needs to be one hart, not the first, of a machine on which harts contend for a lock. Each run comes as a message. */
export interface ContendingHartData {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  readonly spins: number;
}

const { memory: handle, hart, spins } = workerData as ContendingHartData;
const memory = SharedMemory.attach(handle);
const turn = new Turn(memory, hart, { spins });
const access = new ControlledAccess(memory, turn);

/** Pairs with the post in `ContentionMachine`, which comes before the first turn: the message is there by now. */
function latestRun(): ContentionConfig {
  let latest: unknown;
  for (let next = receiveMessageOnPort(parentPort!); next !== undefined; next = receiveMessageOnPort(parentPort!))
    latest = next.message;
  return latest as ContentionConfig;
}

try {
  takePartInRuns(memory, turn, () => new ContendingHart(latestRun(), memory, hart, access));
} catch (error) {
  // The others would wait for this hart for ever.
  requestStop(memory, StopRequest.Abort);
  throw error;
}
