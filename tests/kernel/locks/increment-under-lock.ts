import { workerData } from 'node:worker_threads';
import { Spinlocks } from '../../../kernel/locks/spinlock.js';
import { SharedMemory } from '../../../src/memory/shared-memory.js';
import type { ThreadData } from '../../support/threads.js';

/** One hart of spinlock.test.ts: adds to a plain word under the lock. */
const { memory, hart, data } = workerData as ThreadData<{ lock: number; counter: number; rounds: number }>;
const { ram } = SharedMemory.attach(memory);
const spin = new Spinlocks(ram, hart);
for (let round = 0; round < data.rounds; round++) {
  spin.acquire(data.lock);
  ram.store32(data.counter, ram.load32(data.counter) + 1);
  spin.release(data.lock);
}
