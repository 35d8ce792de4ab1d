import { type Profiler, Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import type { CoverageTask, Touch } from './coverage.js';
import { allPlaces } from './place.js';

const { points, dist } = workerData as CoverageTask;

const session = new Session();
session.connect();
session.post('Profiler.enable');
// Before the kernel is loaded: what was compiled without counters has none.
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
const { playAlone } = await import('./play-alone.js');

/** What was run since it was asked last. */
function take(): readonly Profiler.ScriptCoverage[] {
  let taken: readonly Profiler.ScriptCoverage[] = [];
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error !== null) throw error;
    taken = result;
  });
  return taken;
}

/** Numbers of the points that were run. */
function* run(scripts: readonly Profiler.ScriptCoverage[]): Generator<number> {
  const byUrl = new Map(scripts.map(({ url, functions }) => [url, functions.flatMap(({ ranges }) => ranges)]));
  for (const [i, { file, offset }] of points.entries()) {
    const around = byUrl
      .get(new URL(file, dist).href)
      ?.filter((one) => one.startOffset <= offset && offset < one.endOffset);
    // The innermost range says it.
    const inner = around?.reduce(
      (a, b) => (b.endOffset - b.startOffset <= a.endOffset - a.startOffset ? b : a),
      around[0]!,
    );
    if (inner !== undefined && inner.count > 0) yield i;
  }
}

for (const [number, place] of allPlaces().entries()) {
  const harts = points.map(() => new Set<number>());
  playAlone(
    place,
    () => take(),
    (hart) => {
      for (const point of run(take())) harts[point]!.add(hart);
    },
  );
  const touched = harts.flatMap((all, point): Touch[] =>
    all.size === 0 ? [] : [{ place: number, point, harts: all.size }],
  );
  parentPort!.postMessage(touched);
}
