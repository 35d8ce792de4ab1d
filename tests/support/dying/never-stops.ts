import { hartBlock } from '../../../src/memory/map.js';
import { SharedMemory } from '../../../src/memory/shared-memory.js';
import hartThread, { type HartEnd, type HartTask } from '../../../workers/hart.js';
import { atTrap } from './at-trap.js';

/** What the victim gives for its thread's number once it is stuck. */
export const STUCK = 999_999;

/** The victim gets stuck in the kernel and hears of nothing any more. */
export default function dyingHart(task: HartTask): HartEnd {
  atTrap(task, () => {
    const memory = SharedMemory.attach(task.memory);
    hartBlock.fields.threadId.store(memory.host, memory.map.harts[task.hart]!.block, STUCK);
    // Spinning would take a core from other tests.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
  return hartThread(task);
}
