import type { ReplayResult } from '../explore/replay-failure.js';
import type { Plan } from '../schedule/plan.js';
import type { Exploration } from './exploration.js';
import type { FailureFile } from './failure-file.js';

/** Between two looks at whether somebody wants it to stop. */
const LOOK_MS = 100;

export interface ReplayTimesOptions {
  /** Aborted: no more runs are begun, and what there is by then is the result. */
  readonly signal?: AbortSignal;
  /** Told now and then of how many runs there were, of those that are asked for. */
  readonly progress?: (runs: number) => void;
}

/**
 * Replays a saved failure so many times: as recorded, or, when that never brings it back, fitted to the subject as it is
 * now. `times` of the result is how many runs there were, fewer than asked for where it was stopped.
 */
export async function replayTimes(
  exploration: Pick<Exploration, 'replay'>,
  { signature, plan, anchors }: Pick<FailureFile, 'signature' | 'plan' | 'anchors'>,
  times: number,
  { signal, progress }: ReplayTimesOptions = {},
): Promise<ReplayResult> {
  /** Without anchors, so that nothing is fitted. */
  const repeated = async (which: Plan, before: ReplayResult): Promise<ReplayResult> => {
    let result = before;
    for (let count = 1; result.times < times && signal?.aborted !== true; ) {
      const started = performance.now();
      const more = await exploration.replay({ signature, plan: which }, [], Math.min(count, times - result.times));
      result = together(result, more);
      progress?.(result.times);
      if (performance.now() - started < LOOK_MS) count *= 2;
    }
    return result;
  };
  const asRecorded = await repeated(plan, noRuns(plan));
  if (asRecorded.failed > 0 || anchors.length === 0 || signal?.aborted === true) return asRecorded;
  const fitted = await exploration.replay({ signature, plan }, anchors, 1);
  return fitted.refitted ? repeated(fitted.plan, fitted) : { ...fitted, times: asRecorded.times };
}

function noRuns(plan: Plan): ReplayResult {
  return { times: 0, failed: 0, memoryHashes: [], refitted: false, plan, parted: null };
}

function together(a: ReplayResult, b: ReplayResult): ReplayResult {
  return {
    ...a,
    times: a.times + b.times,
    failed: a.failed + b.failed,
    memoryHashes: [...new Set([...a.memoryHashes, ...b.memoryHashes])],
  };
}
