import type { CriticalPair, ExplainedAccess, ExplainedRow } from '../../src/schedule/interleaving.js';
import type { Plan } from '../../src/schedule/plan.js';
import type { Anchor } from './anchors.js';

/** A failure made small and taken apart. Structured-cloneable. */
export interface Explanation {
  /** The shortest plan found that still fails. */
  readonly plan: Plan;
  readonly preemptions: number;
  /** What else the schedule chose, and on which hart: `sc fails on hart 1`. */
  readonly choices: readonly string[];
  /** Removing any one preemption or choice was tried, and the failure went away. */
  readonly minimal: boolean;
  /** Runs that were made to find all this. */
  readonly trials: number;
  readonly summary: string;
  readonly harmful: boolean;
  readonly evidence: string;
  readonly advice: readonly string[];
  readonly criticalPair: CriticalPair | null;
  /** The access after which the ledger's complaint never went away again; null for other kinds of failure. */
  readonly firstWrongStep: ExplainedAccess | null;
  /** What each switch of the plan stands before, in names. */
  readonly anchors: readonly (Anchor | null)[];
  readonly rows: readonly ExplainedRow[];
  /** SHA-256 of RAM after the run, in hexadecimal. */
  readonly memoryHash: string;
}
