import { Piscina } from 'piscina';
import { controlBlock, StopRequest } from '../../src/memory/map.js';
import type { SharedMemory, SharedMemoryHandle } from '../../src/memory/shared-memory.js';

/** What one hart of a test is told. */
export interface HartWork<T> {
  readonly memory: SharedMemoryHandle;
  readonly hart: number;
  readonly data: T;
}

/**
 * A thread for each hart, for one machine after the other: to start them takes longer than most tests do. The default
 * export of the module `entry` is what a hart does.
 */
export class HartThreads<T> {
  private readonly pool: Piscina<HartWork<T>, void>;

  constructor(entry: URL, most: number) {
    this.pool = new Piscina({
      filename: entry.href,
      minThreads: most,
      maxThreads: most,
      concurrentTasksPerWorker: 1,
      atomics: 'disabled',
    });
  }

  /**
   * Runs the machine's harts, at most as many as there are threads, and waits for them all. When one throws, the machine
   * is aborted, so that nobody waits for a lock it held; rejects with the first error.
   */
  async run(memory: SharedMemory, data: T): Promise<void> {
    const errors: unknown[] = [];
    await Promise.all(
      memory.map.harts.map(async (_, hart) => {
        try {
          await this.pool.run({ memory: memory.handle, hart, data });
        } catch (error) {
          controlBlock.fields.stop.store(memory.host, memory.map.control, StopRequest.Abort);
          errors.push(error);
        }
      }),
    );
    if (errors.length > 0) throw errors[0];
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
