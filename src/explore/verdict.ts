import type { TraceEvent } from '../memory/trace-event.js';
import { isAccess } from '../memory/trace-event.js';
import { type Finding, isHarm } from '../races/finding.js';
import type { PlannedSwitch } from '../schedule/plan.js';
import { RandomNumbers } from '../schedule/random-numbers.js';
import { ownPoint } from '../schedule/switch-reason.js';
import { preemptAfter, preemptBefore } from './orders.js';
import type { Trial, Trials } from './trials.js';

/** Runs around a race in which nothing happened, before it is said how far was looked. */
const AROUND = 300;
/** How far from the two accesses their harts are preempted then, in points of their own. */
const NEAR = 40;
const MOST_SWITCHES = 3;
const SEED = 1;

/** Harm that was done speaks for itself; a race is harmful when some run around its accesses does harm. */
export function verdictOn(trials: Trials, finding: Finding, run: Trial): { harmful: boolean; evidence: string } {
  if (isHarm(finding)) return { harmful: true, evidence: 'this run itself does the harm' };
  const here = run.judgement.failures.find(isHarm);
  if (here !== undefined) return { harmful: true, evidence: `in this order: ${here.summary}` };
  const [a, b] = finding.events.map((i) => run.trace[i]!);
  if (a === undefined || b === undefined)
    return { harmful: false, evidence: 'in this run; no other order of accesses was tried for it' };
  let turned = 0;
  let runs = 0;
  for (const { switches, preference } of runsAround(run, a, b, trials.plan.preference)) {
    const trial = trials.run(switches, preference);
    const harm = trial.judgement.failures.find(isHarm);
    if (harm !== undefined) return { harmful: true, evidence: `in another order: ${harm.summary}` };
    runs++;
    if (areTurned(run.trace, a, b, trial.trace)) turned++;
  }
  const orders =
    turned > 0
      ? `the two accesses came in the other order in ${turned} of them`
      : 'in none of them did the two accesses come in the other order';
  return { harmful: false, evidence: `in ${runs} runs with preemptions near the two accesses; ${orders}` };
}

interface Around {
  readonly switches: readonly PlannedSwitch[];
  readonly preference: readonly number[];
}

/** First both orders as they come about most simply, then by preemptions near the accesses. */
function* runsAround(run: Trial, a: TraceEvent, b: TraceEvent, preference: readonly number[]): Generator<Around> {
  const orders = [
    [preemptBefore(run, a, b.hart)],
    [preemptAfter(run, a, b.hart)],
    [preemptBefore(run, a, b.hart), preemptBefore(run, b, a.hart)],
    [preemptAfter(run, a, b.hart), preemptAfter(run, b, a.hart)],
  ];
  // What one hart does between its read and its write is disturbed only by one that has not run to its end before.
  const firsts = [a.hart, b.hart].map((first) => withFirst(preference, first));
  for (const first of firsts) for (const switches of orders) yield { switches, preference: first };

  for (let i = 0; i < AROUND; i++) {
    const random = new RandomNumbers(SEED, i);
    const near = ({ hart, step }: TraceEvent, other: TraceEvent): PlannedSwitch => {
      const at = ownPoint(run.result.switches, hart, step) + random.below(2 * NEAR) - NEAR;
      return { hart, at: Math.max(0, at), action: { kind: 'to', hart: other.hart } };
    };
    const count = 1 + random.below(MOST_SWITCHES);
    const switches = Array.from({ length: count }, () => (random.below(2) === 0 ? near(a, b) : near(b, a)));
    yield { switches: inOrder(switches), preference: firsts[random.below(2)]! };
  }
}

/** By point; of two at the same point of a hart, one. */
function inOrder(switches: readonly PlannedSwitch[]): PlannedSwitch[] {
  const one = new Map(switches.map((entry) => [`${entry.hart} ${entry.at}`, entry]));
  return [...one.values()].toSorted((x, y) => x.at - y.at);
}

/**
 * Whether two accesses of a run, `a` before `b`, came in the other order in another one. They are known again there by their
 * place among those of their kind that their hart makes to their address.
 */
export function areTurned(
  run: readonly TraceEvent[],
  a: TraceEvent,
  b: TraceEvent,
  other: readonly TraceEvent[],
): boolean {
  const [first, second] = [a, b].map((event) => other.filter(isLike(event))[run.filter(isLike(event)).indexOf(event)]);
  return first !== undefined && second !== undefined && other.indexOf(second) < other.indexOf(first);
}

function isLike({ hart, op, address }: TraceEvent): (other: TraceEvent) => boolean {
  return (other) => isAccess(other.op) && other.hart === hart && other.op === op && other.address === address;
}

function withFirst(preference: readonly number[], first: number): readonly number[] {
  return [first, ...preference.filter((hart) => hart !== first)];
}
