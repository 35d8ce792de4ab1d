import type { Plan } from '../schedule/plan.js';
import type { Anchor } from './anchors.js';
import type { Explorer, FailureKey } from './explorer.js';
import { refit } from './refit.js';

/** How a failure came back. Structured-cloneable. */
export interface ReplayResult {
  readonly times: number;
  /** Runs in which the failure came back. */
  readonly failed: number;
  /** Different contents of RAM after those runs: 1 when all were the same. */
  readonly memoryHashes: readonly string[];
  /** The plan as recorded did not bring the failure back; fitted to this subject by the names of its accesses, it did. */
  readonly refitted: boolean;
  /** The plan that was replayed. */
  readonly plan: Plan;
  /** When the failure did not come back: the access that a switch stood before and that this subject does not make. */
  readonly parted: Anchor | null;
}

/** First as recorded; if that does not bring the failure back, fitted to the subject as it is now. */
export function replayFailure(
  explorer: Explorer,
  { signature, plan }: FailureKey,
  anchors: readonly (Anchor | null)[],
  times: number,
): ReplayResult {
  const asRecorded = repeat(explorer, signature, plan, times);
  if (asRecorded.failed > 0 || anchors.length === 0)
    return { times, ...asRecorded, refitted: false, plan, parted: null };
  const fitted = refit(explorer, plan, anchors);
  const again = repeat(explorer, signature, fitted.plan, times);
  const refitted = again.failed > 0;
  return { times, ...again, refitted, plan: fitted.plan, parted: refitted ? null : fitted.parted };
}

function repeat(
  explorer: Explorer,
  signature: string,
  plan: Plan,
  times: number,
): Pick<ReplayResult, 'failed' | 'memoryHashes'> {
  const hashes = new Set<string>();
  let failed = 0;
  for (let run = 0; run < times; run++) {
    if (!explorer.hasFailure(explorer.run(plan).judgement, signature)) continue;
    failed++;
    hashes.add(explorer.machine.memoryHash());
  }
  return { failed, memoryHashes: [...hashes] };
}
