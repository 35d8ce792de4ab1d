import { workerData } from 'node:worker_threads';
import { SharedMemory } from '../../../src/memory/shared-memory.js';
import { COUNTER, LOCK, LockBench } from '../../support/lock-bench.js';
import type { ThreadData } from '../../support/threads.js';

/** One hart of families.test.ts: adds to a plain word under the lock. */
const { memory, hart, data } = workerData as ThreadData<{ family: string; harts: number; rounds: number }>;
const { ram } = SharedMemory.attach(memory);
const spin = new LockBench(ram, data.family, data.harts).hart(hart);
for (let round = 0; round < data.rounds; round++) {
  spin.acquire(LOCK);
  ram.store32(COUNTER, ram.load32(COUNTER) + 1);
  spin.release(LOCK);
}
