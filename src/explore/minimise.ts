import { frameTold, ghostOf, isAccess } from '../memory/trace-event.js';
import { isHarm, signatureOf } from '../races/finding.js';
import { pct, pctContended } from '../schedule/pct.js';
import type { PlannedSwitch } from '../schedule/plan.js';
import { shrink } from '../schedule/shrink.js';
import { ownPoint } from '../schedule/switch-reason.js';
import type { Trial, Trials } from './trials.js';

/** Runs that shrinking may take, and contended points by which a preemption is moved. */
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

/** What becomes of the failure when any one preemption or answer of its plan is taken away. */
export interface WithoutOne {
  /** It is gone, whichever it is. */
  readonly minimal: boolean;
  /** Other harm that is done then all the same: the first of each kind and place that was met. */
  readonly otherHarm: readonly string[];
}

export function withoutOne(trials: Trials): WithoutOne {
  const { plan } = trials;
  let minimal = true;
  const otherHarm = new Map<string, string>();
  const tryOut = (switches: readonly PlannedSwitch[]) => {
    const { failures } = trials.judge(switches);
    if (failures.some((finding) => signatureOf(finding) === trials.signature)) minimal = false;
    for (const finding of failures.filter(isHarm))
      if (!otherHarm.has(signatureOf(finding))) otherHarm.set(signatureOf(finding), finding.summary);
  };
  for (const answer of plan.answers) {
    trials.plan = { ...plan, answers: plan.answers.filter((other) => other !== answer) };
    tryOut(plan.switches);
  }
  trials.plan = plan;
  for (const entry of plan.switches) tryOut(plan.switches.filter((other) => other !== entry));
  otherHarm.delete(trials.signature);
  return { minimal, otherHarm: [...otherHarm.values()] };
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

/**
 * Moves each preemption, the last first, as late as it may be: what it then stands before is what matters. Only from one point
 * on a contended word to the next, as the runs in between come to the same; and farther each time that it goes well.
 */
function slide(trials: Trials, switches: readonly PlannedSwitch[]): readonly PlannedSwitch[] {
  let slid = [...switches];
  for (let i = slid.length - 1; i >= 0; i--) {
    const { hart } = slid[i]!;
    const movedTo = (at: number) => slid.map((entry, j) => (j === i ? { ...entry, at } : entry));
    let run = trials.run(slid);
    for (let moved = 0, stride = 1; moved < FARTHEST_SLIDE; ) {
      const ahead = contendedPoints(trials, run, hart).filter((at) => at >= slid[i]!.at);
      const beyond = ahead[stride - 1];
      const later = beyond === undefined ? undefined : trials.run(movedTo(beyond + 1));
      if (later !== undefined && trials.target(later.judgement) !== undefined) {
        slid = movedTo(beyond! + 1);
        run = later;
        moved += stride;
        stride *= 2;
      } else if (stride > 1) stride = 1;
      else {
        const last = ahead[0];
        if (last !== undefined && last > slid[i]!.at && trials.fails(movedTo(last))) slid = movedTo(last);
        break;
      }
    }
  }
  return slid;
}

/** Numbers of a hart's own points that are on contended words, in order. */
function contendedPoints(
  { explorer: { machine } }: Trials,
  { trace, result }: Trial,
  hart: number | undefined,
): number[] {
  const { contended } = machine.coordinator;
  const points = new Set<number>();
  for (const event of trace) {
    if (event.hart !== hart) continue;
    const frame = frameTold(event);
    const isContended =
      frame !== undefined
        ? contended.hasGhost(ghostOf(frame))
        : isAccess(event.op) && contended.hasAny(event.address, event.size);
    if (isContended) points.add(ownPoint(result.switches, event.hart, event.step));
  }
  return [...points].toSorted((a, b) => a - b);
}
