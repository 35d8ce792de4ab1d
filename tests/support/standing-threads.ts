import { once } from 'node:events';
import { parentPort, Worker } from 'node:worker_threads';

/** Threads that have nothing to do, by their entries. */
const idle = new Map<string, Worker[]>();

/**
 * Has a thread of this entry do the work, and settles when it is done; rejects when the thread throws. The thread stays up
 * for the next work of the kind, in whichever test: to start one takes longer than most of them do.
 */
export async function onStandingThread(entry: URL, work: unknown): Promise<void> {
  const standing = idle.get(entry.href) ?? [];
  idle.set(entry.href, standing);
  const thread = standing.pop() ?? new Worker(entry);
  // It does not keep the test's process from ending.
  thread.unref();
  thread.postMessage(work);
  await once(thread, 'message');
  standing.push(thread);
}

/** For the entry of such a thread. */
export function standBy<T>(carryOut: (work: T) => void): void {
  if (parentPort === null) throw new Error('this is the entry of a thread');
  const port = parentPort;
  port.on('message', (work: T) => {
    carryOut(work);
    port.postMessage('done');
  });
}
