import { Question } from '../memory/access.js';
import type { Complaint, FindingKind } from '../races/finding.js';
import type { PlannedAnswer } from '../schedule/plan.js';
import type { ControlledMachine } from './controlled-machine.js';
import { type Difference, differences, keyOf, type Outcome } from './outcome.js';
import { serialRuns } from './serial-orders.js';

/** What it calls a run that ended as no serial one does. */
export const ORACLE_KIND: FindingKind = 'not-serial';

/** Runs that may be made to know all serial outcomes: with more, nothing is held against anybody. */
const MOST_RUNS = 3000;
/** Allocations that a schedule may make fail in a run that is still compared: of more, the serial runs are too many. */
const MOST_FAILED = 1;
/** Differences that a complaint tells. */
const LISTED = 3;
/** Characters of a value. */
const LONGEST = 120;

/**
 * The serial oracle: what the operations of a subject come to one after the other, in any order, is right, and what they
 * come to at once must be one of those. It needs no check that was written for the subject, and holds nothing against what a
 * subject does wrong in every order.
 *
 * That an allocation finds no page is something that a user sees: a run in which one was made to fail is compared with
 * serial runs in which one was, wherever that was; a run in which more were, with none. What else a schedule may answer changes nothing of what is right.
 */
export class SerialOracle {
  /** By the number of failed allocations; undefined: too many runs. */
  private readonly known = new Map<number, ReadonlyMap<string, Outcome> | undefined>();

  constructor(private readonly machine: ControlledMachine) {}

  /** Makes the serial runs that a run with these answers will be compared with, if that was not done yet. */
  prepare(answers: readonly PlannedAnswer[]): void {
    this.outcomes(this.failuresIn(answers));
  }

  /** How many serial outcomes there are with no answer but the ordinary one; undefined: too many runs to know. */
  get serialOutcomes(): number | undefined {
    return this.outcomes(this.failuresIn([]))?.size;
  }

  /** What is held against the run, right after it; `prepare` has been called. */
  complaints(outcome: Outcome, answers: readonly PlannedAnswer[]): readonly Complaint[] {
    const serial = this.known.get(this.failuresIn(answers));
    // No serial order that comes to an end: there is nothing to compare it with, and others have more to say of that.
    if (serial === undefined || serial.size === 0 || serial.has(keyOf(outcome))) return [];
    const nearest = [...serial.values()]
      .map((other) => differences(outcome, other))
      .reduce((best, other) => (other.length < best.length ? other : best));
    const place = [...new Set(nearest.map(({ about }) => about))].toSorted().join(', ');
    return [{ kind: ORACLE_KIND, place, summary: summaryOf(nearest, serial.size) }];
  }

  /** Allocations that may fail: those that the schedule lets fail, and those that the specification does. */
  private failuresIn(answers: readonly PlannedAnswer[]): number {
    const { mayFail = 0 } = this.machine.subject;
    const failed = answers.filter(({ question }) => question === Question.AllocationFails).length;
    return failed > MOST_FAILED ? Number.POSITIVE_INFINITY : mayFail + failed;
  }

  private outcomes(failures: number): ReadonlyMap<string, Outcome> | undefined {
    if (failures === Number.POSITIVE_INFINITY) return undefined;
    if (!this.known.has(failures)) this.known.set(failures, this.explore(failures));
    return this.known.get(failures);
  }

  /**
   * With at most so many failed allocations. Two that come to the same ends when they alone fail are as good as one: as a
   * rule the same operation fails. Of those, the first is tried together with others.
   */
  private explore(failures: number): ReadonlyMap<string, Outcome> | undefined {
    const found = new Map<string, Outcome>();
    let runs = 0;
    /** How often a serial run asked, at most. */
    let asked = 0;
    /** What the serial runs come to when these allocations fail; undefined: too many runs. */
    const endsWith = (nths: readonly number[]): string | undefined => {
      const answers = nths.map((nth) => ({ question: Question.AllocationFails, nth, answer: 1 }));
      const ends = new Set<string>();
      for (const result of serialRuns(this.machine, answers)) {
        if (++runs > MOST_RUNS) return undefined;
        asked = Math.max(asked, result.asked[Question.AllocationFails]!);
        const outcome = this.machine.subject.outcome?.(this.machine.written());
        if (outcome === undefined) continue;
        ends.add(keyOf(outcome));
        found.set(keyOf(outcome), outcome);
      }
      return [...ends].toSorted().join('\n\n');
    };
    let sets: readonly (readonly number[])[] = [[]];
    for (let count = 0; ; count++) {
      const firsts = new Map<string, readonly number[]>();
      for (const set of sets) {
        const ends = endsWith(set);
        if (ends === undefined) return undefined;
        if (!firsts.has(ends)) firsts.set(ends, set);
      }
      if (count === failures) return found;
      sets = [...firsts.values()].flatMap((set) => {
        const next = (set.at(-1) ?? -1) + 1;
        return Array.from({ length: Math.max(0, asked - next) }, (_, i) => [...set, next + i]);
      });
    }
  }
}

function summaryOf(nearest: readonly Difference[], outcomes: number): string {
  const told = nearest.slice(0, LISTED).map(differenceText);
  const more = nearest.length > LISTED ? `; and ${nearest.length - LISTED} differences more` : '';
  const all = outcomes === 1 ? 'All serial orders come to one end' : `Serial orders come to ${outcomes} different ends`;
  return `no order of these operations, one after the other, ends so. ${all}, and the nearest differs in ${told.join('; ')}${more}`;
}

function differenceText({ about, of, is, other }: Difference): string {
  return `${about}, ${of}: ${valueText(is)}, where it has ${valueText(other)}`;
}

function valueText(value: string | undefined): string {
  if (value === undefined) return 'none';
  return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
}
