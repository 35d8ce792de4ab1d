import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * Standing threads for the harts of one machine, when the thread that makes them is hart 0. (A pool would do for
 * free-running harts, which never return; these return between runs only to the shared memory, never to their loops.)
 */
export class HartThreads {
  private readonly threads: readonly Worker[];
  private death: Error | undefined;

  /** @param entry compiled thread entry; gets `dataOf(hart)` as its workerData */
  constructor(entry: URL, harts: readonly number[], dataOf: (hart: number) => unknown) {
    this.threads = harts.map((hart) => {
      const thread = new Worker(entry, { workerData: dataOf(hart) });
      thread.on('error', (error) => {
        this.death ??= new Error(`the thread of hart ${hart} died: ${error.message}`);
      });
      return thread;
    });
  }

  /** Whether one has ended by an error. */
  get hasDied(): boolean {
    return this.death !== undefined;
  }

  /** A message for every thread; there by the time that anything done afterwards wakes it. */
  post(message: unknown): void {
    for (const thread of this.threads) thread.postMessage(message);
  }

  /** Settles when every thread has ended by itself. Rejects when one died. */
  async ended(): Promise<void> {
    await Promise.all(this.threads.map((thread) => (thread.threadId === -1 ? undefined : once(thread, 'exit'))));
    if (this.death !== undefined) throw this.death;
  }
}
