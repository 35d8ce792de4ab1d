import { workerData } from 'node:worker_threads';
import { playHart, type ScenarioConfig } from '../kernel/scenarios/scenario-machine.js';
import { requestStop } from '../src/hart/stop-request.js';
import { hartParts } from '../src/machine/hart-parts.js';
import { StopRequest } from '../src/memory/map.js';
import { SharedMemory, type SharedMemoryHandle } from '../src/memory/shared-memory.js';

/** What a thread needs to be one hart, not the first, of a machine under a controlled schedule. */
export interface ScenarioHartData {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  readonly interpreter: WebAssembly.Module;
  readonly config: ScenarioConfig;
}

const { memory: handle, hart, interpreter, config } = workerData as ScenarioHartData;
const memory = SharedMemory.attach(handle);
try {
  playHart(handle, hart, config, hartParts(memory, interpreter));
} catch (error) {
  // The others would wait for this hart for ever.
  requestStop(memory, StopRequest.Abort);
  throw error;
}
