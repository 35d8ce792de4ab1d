import { Spinlocks } from '../../../kernel/locks/spinlock.js';
import { SharedMemory } from '../../../src/memory/shared-memory.js';
import type { HartWork } from '../../support/threads.js';

interface Increments {
  readonly lock: number;
  readonly counter: number;
  readonly rounds: number;
}

/** Thread entry (piscina), one hart of spinlock.test.ts: adds to a plain word under the lock. */
export default function increment({ memory, hart, data }: HartWork<Increments>): void {
  const { ram } = SharedMemory.attach(memory);
  const spin = new Spinlocks(ram, hart);
  for (let round = 0; round < data.rounds; round++) {
    spin.acquire(data.lock);
    ram.store32(data.counter, ram.load32(data.counter) + 1);
    spin.release(data.lock);
  }
}
