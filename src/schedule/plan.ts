import type { Question } from '../memory/access.js';
import type { PolicyChoice } from './policy.js';

/**
 * A plan says, before a run, what the schedule will answer during it. Every strategy makes plans; one small
 * interpreter (`plan-follower.ts`) carries them out, so a replay is just another plan, and a shrunk failure a shorter one.
 *
 * A run is a sequence of **points**, numbered from 0: one before every access of the supervisor to shared memory. With
 * no entry for a point the hart that has the turn keeps it. A hart that cannot go on gives the turn to the first able
 * hart in the order of preference.
 */
export interface Plan {
  /** Harts, the most preferred first. */
  readonly preference: readonly number[];
  /** What `at` of a switch counts. */
  readonly unit: PointUnit;
  readonly switches: readonly PlannedSwitch[];
  /**
   * Who gets the turn when a hart waits or finishes, for the first such changes of the run: exhaustive search chooses
   * there too. For the later ones, and without it, the most preferred able hart.
   */
  readonly successors?: readonly number[];
  /** PCT: an able hart that is preferred to the running one takes the turn at once. */
  readonly strict: boolean;
  /** Answers other than 0 to the machine's questions. */
  readonly answers: readonly PlannedAnswer[];
  /** Who decides during the run, beside the switches. */
  readonly policy?: PolicyChoice;
}

/**
 * `every`: points of all harts; `contended`: those on words that the harts contend for; `own`: points of the hart that
 * gives the turn away, which stay the same when another switch is left out.
 */
export type PointUnit = 'every' | 'contended' | 'own';

export interface PlannedSwitch {
  /** Number of the point, in the plan's unit, before whose access the turn changes. Ascending in a plan (unit `own`: for each hart). */
  readonly at: number;
  /** Unit `own`: the hart whose points are counted. */
  readonly hart?: number;
  readonly action: SwitchAction;
}

/** `to`: give the turn to that hart, if it is able; `pick`: to one of the other able harts, by a random number; `demote`: the running hart becomes the least preferred. */
export type SwitchAction =
  | { readonly kind: 'to'; readonly hart: number }
  | { readonly kind: 'pick'; readonly random: number }
  | { readonly kind: 'demote' };

export interface PlannedAnswer {
  readonly question: Question;
  /** Which asking of that question in the run, from 0. */
  readonly nth: number;
  readonly answer: number;
}

/** Every hart runs to its end in order: the run in which nothing is preempted. */
export function plainPlan(harts: number): Plan {
  return {
    preference: Array.from({ length: harts }, (_, hart) => hart),
    unit: 'every',
    switches: [],
    strict: false,
    answers: [],
  };
}
