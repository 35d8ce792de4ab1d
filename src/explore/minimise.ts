import { pct, pctContended } from '../schedule/pct.js';
import type { PlannedSwitch } from '../schedule/plan.js';
import { shrink } from '../schedule/shrink.js';
import type { Trials } from './trials.js';

/** Runs that shrinking may take, and steps by which a preemption is moved. */
const MOST_TRIALS = 2000;
const FARTHEST_SLIDE = 400;

/** Preemptions that a reader follows without trouble; and where to look for a shorter failure when there are more. */
const SHORT = 2;
const OTHERS = 200;
const SEED = 1;

/** Leaves the failure's plan with the fewest switches and answers that were found. false: it did not come back at all. */
export function minimise(trials: Trials): boolean {
  if (!trials.fails(trials.plan.switches)) return false;
  shrinkAnswers(trials);
  const switches = shorter(trials, smallest(trials, trials.plan.switches));
  trials.plan = { ...trials.plan, switches };
  shrinkAnswers(trials);
  return true;
}

/** Whether the failure needs every preemption and every answer of its plan. */
export function isMinimal(trials: Trials): boolean {
  const { plan } = trials;
  const needsAnswer = (_: unknown, i: number) => {
    trials.plan = { ...plan, answers: plan.answers.filter((_, j) => j !== i) };
    return !trials.fails(plan.switches);
  };
  const answersNeeded = plan.answers.every(needsAnswer);
  trials.plan = plan;
  return answersNeeded && plan.switches.every((_, i) => !trials.fails(plan.switches.filter((_, j) => j !== i)));
}

/** Leaves out and moves preemptions until neither gets any further: a moved one may make another needless. */
function smallest(trials: Trials, all: readonly PlannedSwitch[]): readonly PlannedSwitch[] {
  for (let switches = all; ; ) {
    const { kept } = shrink(switches, (candidate) => trials.fails(candidate), MOST_TRIALS);
    const slid = slide(trials, kept);
    if (slid.length === 0 || (slid.length === switches.length && switches !== all)) return slid;
    switches = slid;
  }
}

/**
 * What cannot be made smaller step by step may still be long: looks for the same failure among schedules that preempt
 * seldom, and takes that if it comes out shorter.
 */
function shorter(trials: Trials, switches: readonly PlannedSwitch[]): readonly PlannedSwitch[] {
  if (switches.length <= SHORT) return switches;
  const own = trials.plan;
  for (const strategy of [pct, pctContended]) {
    const { failures, schedules } = trials.explorer.batch(strategy, SEED, 0, OTHERS);
    trials.count += schedules;
    const same = failures.find(({ signature }) => signature === trials.signature);
    if (same === undefined) continue;
    trials.plan = same.plan;
    const other = smallest(trials, same.plan.switches);
    if (other.length < switches.length) return other;
  }
  trials.plan = own;
  return switches;
}

/** Leaves out every answer that the failure does not need. */
function shrinkAnswers(trials: Trials): void {
  const original = trials.plan;
  const { kept } = shrink(
    original.answers,
    (answers) => {
      trials.plan = { ...original, answers };
      return trials.fails(original.switches);
    },
    MOST_TRIALS,
  );
  trials.plan = { ...original, answers: kept };
}

/** Moves each preemption, the last first, as late as it may be: what it then stands before is what matters. */
function slide(trials: Trials, switches: readonly PlannedSwitch[]): readonly PlannedSwitch[] {
  let slid = [...switches];
  for (let i = slid.length - 1; i >= 0; i--)
    for (let moved = 0; moved < FARTHEST_SLIDE; moved++) {
      const later = slid.map((entry, j) => (j === i ? { ...entry, at: entry.at + 1 } : entry));
      if (!trials.fails(later)) break;
      slid = later;
    }
  return slid;
}
