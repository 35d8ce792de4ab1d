import { workerData } from 'node:worker_threads';
import { playHart, type ScenarioConfig } from '../kernel/scenarios/scenario-machine.js';
import { hartParts } from '../src/machine/hart-parts.js';
import { SharedMemory, type SharedMemoryHandle } from '../src/memory/shared-memory.js';

/** What a thread needs to be one hart, not the first, of a machine under a controlled schedule. */
export interface ScenarioHartData {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  readonly interpreter: WebAssembly.Module;
  readonly config: ScenarioConfig;
}

const { memory, hart, interpreter, config } = workerData as ScenarioHartData;
playHart(memory, hart, config, hartParts(SharedMemory.attach(memory), interpreter));
