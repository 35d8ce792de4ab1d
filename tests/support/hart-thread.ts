import { Exit } from '../../src/hart/engine.js';
import { Hart } from '../../src/hart/hart.js';
import { SharedMemory, type SharedMemoryHandle } from '../../src/memory/shared-memory.js';
import { createEngine, type EngineChoice } from '../../src/translator/engines.js';
import { standBy } from './standing-threads.js';

/** What a thread that runs one hart of a test needs to know. */
export interface HartThreadData {
  readonly handle: SharedMemoryHandle;
  readonly module: WebAssembly.Module;
  readonly engine: EngineChoice;
  readonly hart: number;
}

const SLICE = 100_000;

/** Thread entry: runs the hart until something other than the end of its budget stops it. */
standBy(({ handle, module, engine, hart: id }: HartThreadData) => {
  const memory = SharedMemory.attach(handle);
  const map = memory.map.harts[id];
  if (map === undefined) throw new Error(`there is no hart ${id}`);
  const hart = new Hart(id, memory, createEngine(engine, module)(memory, map));
  do hart.budget = SLICE;
  while (hart.engine.run() === Exit.Budget);
});
