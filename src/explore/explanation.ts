import type { FindingKind } from '../races/finding.js';
import type { Plan } from '../schedule/plan.js';
import type { Anchor } from './anchors.js';
import type { CriticalPair, ExplainedAccess, ExplainedRow } from './interleaving.js';

/** A failure made small and taken apart. Structured-cloneable. */
export interface Explanation {
  /** What was explored. */
  readonly title: string;
  readonly harts: number;
  readonly kind: FindingKind;
  /** The shortest plan found that still fails. */
  readonly plan: Plan;
  readonly preemptions: number;
  /** What else the schedule chose, and on which hart: `sc fails on hart 1`. */
  readonly choices: readonly string[];
  /** Removing any one preemption or choice was tried, and the failure went away. */
  readonly minimal: boolean;
  /** Other harm that was done when one of them was removed. */
  readonly otherHarm: readonly string[];
  /** Runs that were made to find all this. */
  readonly trials: number;
  readonly summary: string;
  /** Whether it does harm, or some run around its accesses does that was tried; `evidence` says which, or how far was looked. */
  readonly harmful: boolean;
  readonly evidence: string;
  readonly advice: readonly string[];
  readonly criticalPair: CriticalPair | null;
  /** The access after which the complaint of the subject's books never went away again; null for other kinds of failure. */
  readonly firstWrongStep: ExplainedAccess | null;
  /** What each switch of the plan stands before, in names. */
  readonly anchors: readonly (Anchor | null)[];
  readonly rows: readonly ExplainedRow[];
  /** SHA-256 of RAM after the run, in hexadecimal. */
  readonly memoryHash: string;
}
