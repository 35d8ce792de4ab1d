/** One access as a person reads it. */
export interface ExplainedAccess {
  readonly hart: number;
  readonly step: number;
  /** `store refs[0x7f3] ← 1` */
  readonly what: string;
  /** The supervisor’s functions with file and line, innermost first: `decrement (mapped-count.ts:41)`. */
  readonly stack: readonly string[];
}

/** The two accesses whose order decides, and what was seen when it was turned round. */
export interface CriticalPair {
  readonly first: ExplainedAccess;
  readonly second: ExplainedAccess;
  /** How the run ends in the failing order, and with the order turned round. */
  readonly failing: string;
  readonly flipped: string;
}

/** One row of an interleaving: what a hart did, or a change of the turn. */
export type ExplainedRow =
  | {
      readonly kind: 'access';
      readonly hart: number;
      readonly step: number;
      readonly text: string;
    }
  | {
      readonly kind: 'switch';
      readonly from: number;
      readonly to: number;
      readonly step: number;
      readonly reason: string;
    }
  /** Accesses that were left out. */
  | { readonly kind: 'private'; readonly hart: number; readonly count: number };
