import { Question } from '../memory/access.js';
import type { Complaint, FindingKind } from '../races/finding.js';
import type { PlannedAnswer } from '../schedule/plan.js';
import type { ControlledMachine } from './controlled-machine.js';
import { type Difference, differences, keyOf, type Outcome } from './outcome.js';
import { serialRuns } from './serial-orders.js';

/** What it calls a run that ended as no serial one does. */
export const ORACLE_KIND: FindingKind = 'not-serial';

/** Runs that may be made to know the serial outcomes: with more, nothing is held against anybody. */
const MOST_RUNS = 1000;
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
  /** Outcomes of serial runs in which few enough allocations failed, by their keys. */
  private readonly known = new Map<string, { readonly outcome: Outcome; readonly failures: number }>();
  /** Of so many failed allocations all outcomes are known. */
  private depth = -1;
  /** What there is to try one failure deeper: which askings of a run are to fail. */
  private sets: readonly (readonly number[])[] = [[]];
  private runs = 0;
  /** How often a serial run asked for memory, at most. */
  private asked = 0;
  /** With more failed allocations than these there would be too many runs. */
  private deepest = Number.MAX_SAFE_INTEGER;
  /** The last run that was looked at may be right: more failures have to be tried to know. */
  private isUnsure = false;
  /** Whether the last run was compared with serial ones: not where more allocations failed than in any of them, or there would be too many. */
  hasCompared = false;

  constructor(private readonly machine: ControlledMachine) {}

  /** Makes the serial runs that every run will be compared with, if that was not done yet. */
  prepare(): void {
    if (this.depth < 0 && this.deepest >= 0) this.deepen();
  }

  /** How many serial outcomes are known; undefined: too many runs to know them. */
  get outcomes(): number | undefined {
    return this.deepest < 0 ? undefined : this.known.size;
  }

  /**
   * What is held against the run, right after it; `prepare` has been called. Nothing yet, when more serial runs would have to be
   * made to know: `isSure`.
   */
  complaints(outcome: Outcome, answers: readonly PlannedAnswer[]): readonly Complaint[] {
    this.isUnsure = false;
    this.hasCompared = false;
    const failures = this.failuresIn(answers);
    const comparable = [...this.known.values()].filter((other) => other.failures <= failures);
    const same = this.known.get(keyOf(outcome));
    if (same !== undefined && same.failures <= failures) {
      this.hasCompared = true;
      return [];
    }
    if (failures > this.deepest) return [];
    // No serial order that comes to an end: there is nothing to compare it with, and others have more to say of that.
    if (comparable.length === 0) return [];
    if (this.depth < failures) {
      this.isUnsure = true;
      return [];
    }
    this.hasCompared = true;
    const nearest = comparable
      .map((other) => differences(outcome, other.outcome))
      .reduce((best, other) => (other.length < best.length ? other : best));
    const place = [...new Set(nearest.map(({ about }) => about))].toSorted().join(', ');
    return [{ kind: ORACLE_KIND, place, summary: summaryOf(nearest, comparable.length) }];
  }

  /** Whether what was said of the last run is final. If not, the serial runs that it takes are made, and the run has to be made again. */
  isSure(): boolean {
    if (!this.isUnsure) return true;
    this.isUnsure = false;
    this.deepen();
    return false;
  }

  /** Allocations that may fail: those that the schedule lets fail, and those that the specification does. */
  private failuresIn(answers: readonly PlannedAnswer[]): number {
    const { mayFail = 0 } = this.machine.subject;
    const failed = answers.filter(({ question }) => question === Question.AllocationFails).length;
    return failed > MOST_FAILED ? Number.POSITIVE_INFINITY : mayFail + failed;
  }

  /**
   * One failed allocation more. Two that come to the same ends when they alone fail are as good as one: as a rule the same
   * operation fails. Of those, the first is tried together with others.
   */
  private deepen(): void {
    this.depth++;
    const firsts = new Map<string, readonly number[]>();
    for (const set of this.sets) {
      const ends = this.endsWith(set);
      if (ends === undefined) {
        this.deepest = --this.depth;
        return;
      }
      if (!firsts.has(ends)) firsts.set(ends, set);
    }
    this.sets = [...firsts.values()].flatMap((set) => {
      const next = (set.at(-1) ?? -1) + 1;
      return Array.from({ length: Math.max(0, this.asked - next) }, (_, i) => [...set, next + i]);
    });
  }

  /** What the serial runs come to when these allocations fail; undefined: too many runs. */
  private endsWith(nths: readonly number[]): string | undefined {
    const { subject } = this.machine;
    const answers = nths.map((nth) => ({ question: Question.AllocationFails, nth, answer: 1 }));
    const ends = new Set<string>();
    for (const result of serialRuns(this.machine, answers)) {
      if (++this.runs > MOST_RUNS) return undefined;
      this.asked = Math.max(this.asked, result.asked[Question.AllocationFails]!);
      const outcome = subject.outcome?.(this.machine.written());
      if (outcome === undefined) continue;
      const key = keyOf(outcome);
      ends.add(key);
      if (!this.known.has(key)) this.known.set(key, { outcome, failures: this.depth });
    }
    return [...ends].toSorted().join('\n\n');
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
