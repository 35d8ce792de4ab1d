import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A place of the kernel's code. */
export interface Point {
  /** From the folder that `tsc` writes to. */
  readonly file: string;
  readonly offset: number;
}

export interface CoverageTask {
  readonly points: readonly Point[];
  /** The folder that `tsc` writes to: a URL. */
  readonly dist: string;
}

/** That so many harts ran a point, by the numbers of both, in a duel that was played on one thread. */
export interface Touch {
  readonly place: number;
  readonly point: number;
  readonly harts: number;
}

/** Which points are run in which place of `allPlaces`: V8 counts blocks of code. */
export async function coverage(points: readonly Point[], dist: URL): Promise<Touch[]> {
  const workerData: CoverageTask = { points, dist: dist.href };
  const worker = new Worker(new URL('./coverage-worker.js', import.meta.url), { workerData });
  const touched: Touch[] = [];
  worker.on('message', (some: readonly Touch[]) => touched.push(...some));
  await once(worker, 'exit');
  return touched;
}
