/** What observers can find. */
export type FindingKind =
  | 'data-race'
  | 'lockset'
  | 'lock-order'
  | 'double-free'
  | 'use-after-free'
  | 'double-allocation'
  | 'stale-tlb'
  | 'deadlock'
  | 'livelock'
  | 'panic'
  | 'ledger'
  | 'content'
  | 'wrong-result';

/** One thing that an observer holds against a run. */
export interface Finding {
  readonly kind: FindingKind;
  /** What broke, in the supervisor's own names. */
  readonly summary: string;
  /** Indexes into the trace of the events that show it, the last one last. */
  readonly events: readonly number[];
  /** Findings that a sound supervisor may have: told beside a failure, never a failure by themselves. */
  readonly advisory: boolean;
}
