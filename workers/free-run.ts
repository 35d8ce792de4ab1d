import { requestStop } from '../src/hart/stop-request.js';
import { controlBlock, StopRequest } from '../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../src/memory/shared-memory.js';
import { type Prepared, type TimedRun, timedKind } from './timed-kind.js';

/** One hart's part of a run in free running, for a bench by a real clock. Structured-cloneable. */
export interface FreeTask {
  /** Set up, and all harts of it take part. */
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  readonly run: TimedRun;
  /** What `TimedKind.begin` returned. */
  readonly at: number;
  readonly prepared: Prepared;
}

/** Thread entry (piscina): plays one hart once all of them have come. */
export default async function freeRun({ memory: handle, hart, run, at, prepared }: FreeTask): Promise<void> {
  const memory = SharedMemory.attach(handle);
  try {
    const { open } = await timedKind(run.kind);
    const player = open(memory, prepared).freePlayer(run, at, hart, nanoseconds);
    awaitAll(memory);
    player.play();
  } catch (error) {
    // Whoever waits for this hart stops too.
    requestStop(memory, StopRequest.Abort);
    throw error;
  }
}

/** By a clock that all threads share. */
function nanoseconds(): number {
  return Number(process.hrtime.bigint());
}

function awaitAll({ host, map }: SharedMemory): void {
  const { up } = controlBlock.fields;
  up.add(host, map.control, 1);
  host.unpark(up.at(map.control), map.harts.length);
  // Pairs with the add of whoever comes last. Throws MachineAborted when one has died.
  for (let come = up.load(host, map.control); come < map.harts.length; come = up.load(host, map.control))
    host.park(up.at(map.control), come);
}
