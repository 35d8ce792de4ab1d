import { SharedMemory } from '../../../src/memory/shared-memory.js';
import { COUNTER, LOCK, LockBench } from '../../support/lock-bench.js';
import type { HartWork } from '../../support/threads.js';

interface Increments {
  readonly family: string;
  readonly rounds: number;
}

/** Thread entry (piscina), one hart of families.test.ts: adds to a plain word under the lock. */
export default function increment({ memory, hart, data }: HartWork<Increments>): void {
  const { ram, map } = SharedMemory.attach(memory);
  const spin = new LockBench(ram, data.family, map.harts.length).hart(hart);
  for (let round = 0; round < data.rounds; round++) {
    spin.acquire(LOCK);
    ram.store32(COUNTER, ram.load32(COUNTER) + 1);
    spin.release(LOCK);
  }
}
