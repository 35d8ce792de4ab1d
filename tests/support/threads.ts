import { Worker } from 'node:worker_threads';
import { controlBlock, StopRequest } from '../../src/memory/map.js';
import type { SharedMemory, SharedMemoryHandle } from '../../src/memory/shared-memory.js';

/** What a thread of a test finds in its workerData. */
export interface ThreadData<T> {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  readonly data: T;
}

/**
 * Runs the module `entry` in one thread for each hart, and waits for them all. When one throws, the machine is aborted,
 * so that nobody waits for a lock it held; rejects with the first error.
 */
export async function inThreads<T>(memory: SharedMemory, harts: number, entry: URL, data: T): Promise<void> {
  const errors: unknown[] = [];
  await Promise.all(
    Array.from({ length: harts }, async (_, hart) => {
      const worker = new Worker(entry, { workerData: { memory: memory.handle, hart, data } });
      worker.on('error', (error) => {
        controlBlock.fields.stop.store(memory.host, memory.map.control, StopRequest.Abort);
        errors.push(error);
      });
      await new Promise((resolve) => worker.once('exit', resolve));
    }),
  );
  if (errors.length > 0) throw errors[0];
}
