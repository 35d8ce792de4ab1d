import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { requestStop } from '../src/hart/stop-request.js';
import { hartParts } from '../src/machine/hart-parts.js';
import { StopRequest } from '../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../src/memory/shared-memory.js';
import { ControlledAccess } from '../src/schedule/controlled-access.js';
import { takePartInRuns } from '../src/schedule/participant.js';
import { Turn } from '../src/schedule/turn.js';
import { type BegunRun, playerOf } from './timed-player.js';

/** What a thread needs to be one hart, not the first, of a machine that keeps virtual time. Each run comes as a message. */
export interface TimedHartData {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  readonly spins: number;
  readonly interpreter: WebAssembly.Module;
}

const { memory: handle, hart, spins, interpreter } = workerData as TimedHartData;
const memory = SharedMemory.attach(handle);
const turn = new Turn(memory, hart, { spins });
const access = new ControlledAccess(memory, turn);
const parts = hartParts(memory, interpreter);

/** Pairs with the post in `TimedMachine`, which comes before the first turn: the message is there by now. */
function latestRun(): BegunRun {
  let latest: unknown;
  for (let next = receiveMessageOnPort(parentPort!); next !== undefined; next = receiveMessageOnPort(parentPort!))
    latest = next.message;
  return latest as BegunRun;
}

try {
  takePartInRuns(memory, turn, () => playerOf(latestRun(), memory, hart, access, parts));
} catch (error) {
  // The others would wait for this hart for ever.
  requestStop(memory, StopRequest.Abort);
  throw error;
}
