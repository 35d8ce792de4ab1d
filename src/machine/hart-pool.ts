import { Piscina } from 'piscina';

/** How a hart's thread ended: with what its task returned, or with an error. */
export type HartOutcome<R> =
  | { readonly hart: number; readonly result: R }
  | { readonly hart: number; readonly error: Error };

/** A hart's state is in the shared memory; its JavaScript heap holds next to nothing, and one that grows is a fault. */
const HEAP_MIB = 256;

/**
 * Exactly one worker thread per hart. A parked hart holds its thread (`Atomics.wait`), so a smaller pool would never
 * start the rest, and a larger one would idle.
 */
export class HartPool<T, R> {
  private readonly pool: Piscina<T, R>;

  /** @param workerFile the compiled thread entry, whose default export runs one hart */
  constructor(
    workerFile: URL,
    private readonly harts: number,
  ) {
    this.pool = new Piscina<T, R>({
      filename: workerFile.href,
      minThreads: harts,
      maxThreads: harts,
      concurrentTasksPerWorker: 1,
      // A hart never returns to the pool for more work, so there is nothing to wait for.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    });
    // The threads are made. Piscina shall not make new ones in the place of those that die: there is no hart for them,
    // and to end a thread while it loads its modules crashes Node 20.
    this.pool.options.minThreads = 0;
  }

  /**
   * Runs one task per hart; settles when all have ended. `ended` is called at once for each: also for a thread that
   * exits, runs out of heap, or never finishes loading, with an error.
   */
  async run(taskOf: (hart: number) => T, ended: (outcome: HartOutcome<R>) => void): Promise<void> {
    await Promise.all(
      Array.from({ length: this.harts }, async (_, hart) => {
        try {
          ended({ hart, result: await this.pool.run(taskOf(hart)) });
        } catch (thrown) {
          ended({ hart, error: thrown instanceof Error ? thrown : new Error(String(thrown)) });
        }
      }),
    );
  }

  /**
   * Ends every thread where it stands; harts that still ran end with an error. Not to be called while threads are still
   * loading their modules, which crashes Node 20.
   */
  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
