import { Piscina } from 'piscina';
import type { ExploreTask } from '../../workers/explore.js';
import { threadEntry } from '../memory/package-root.js';

/** Threads that explore, each with machines of its own, which stay up for whoever comes next. */
export type ExploreThreads = Piscina<ExploreTask, unknown>;

/** Threads that nobody uses now. */
const idle: ExploreThreads[] = [];
/** Sets of threads that stay up: more are used only by checks that run at once. */
const MOST_IDLE = 2;

/**
 * That many threads, for one user at a time, until they are given back. To bring up a thread and its machine takes
 * hundreds of milliseconds, to set up another subject on them a few.
 */
export function takeThreads(count: number): ExploreThreads {
  const place = idle.findIndex(({ options }) => options.maxThreads === count);
  const known = place < 0 ? undefined : idle.splice(place, 1)[0];
  return (
    known ??
    new Piscina<ExploreTask, unknown>({
      filename: threadEntry('explore').href,
      minThreads: count,
      maxThreads: count,
      concurrentTasksPerWorker: 1,
      // Stacks in reports name the TypeScript sources.
      execArgv: ['--enable-source-maps'],
    })
  );
}

/** The threads have nothing to do any more, and stay up for a while. They do not keep the process from ending. */
export async function giveBack(threads: ExploreThreads): Promise<void> {
  idle.push(threads);
  if (idle.length > MOST_IDLE) await idle.shift()!.destroy();
}

/** Ends the machines that nobody uses, and their threads; the next check brings up new ones. For those who need the memory back. */
export async function endMachines(): Promise<void> {
  await Promise.all(idle.splice(0).map((threads) => threads.destroy()));
}
