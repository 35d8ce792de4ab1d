import { type Finding, type FindingKind, isHarm } from '../races/finding.js';
import type { Observer } from '../races/observer.js';
import { observerNamed, observerNames } from '../races/observers.js';
import type { RunResult } from '../schedule/coordinator.js';
import type { Plan } from '../schedule/plan.js';
import { RunEnd } from '../schedule/schedule-block.js';
import type { ControlledMachine } from './controlled-machine.js';
import type { SerialOracle } from './oracle.js';
import { waitersAtEnd } from './waiters.js';

/** Judgements that are kept. */
const MOST_JUDGED = 100_000;

/** What was held against one run. */
export interface Judgement {
  /** Worst first: harm that was done, then races that nothing came of in this run. */
  readonly failures: readonly Finding[];
  readonly advice: readonly Finding[];
  /** The serial oracle compared it with serial runs. */
  readonly isCompared: boolean;
}

/** Looks at runs of one machine: its observers, what the subject itself holds against the memory at rest, and the oracle if there is one. */
export class Judge {
  private readonly observers: readonly Observer[];
  /** Judgements of earlier runs: many schedules come to the same run. */
  private readonly judged = new Map<string, Judgement>();

  /** @param names observers that are switched on; all when not given */
  constructor(
    private readonly machine: ControlledMachine,
    names: readonly string[] = observerNames(),
    private readonly oracle?: SerialOracle,
  ) {
    const context = machine.subject.context();
    this.observers = names.map((name) => observerNamed(name)(context));
  }

  /** Right after the run. Undefined: the oracle has made runs of its own meanwhile, and the run has to be made again. */
  judge(result: RunResult, plan: Pick<Plan, 'answers'>): Judgement | undefined {
    const key = this.keyOf(result, plan);
    const known = key === undefined ? undefined : this.judged.get(key);
    if (known !== undefined) return known;
    const judgement = this.look(result, plan);
    if (this.oracle?.isSure() === false) return undefined;
    if (key !== undefined) {
      if (this.judged.size >= MOST_JUDGED) this.judged.clear();
      this.judged.set(key, judgement);
    }
    return judgement;
  }

  /**
   * The same for runs that did the same in the same order and were given the same answers: they left the same memory.
   * Undefined for a run of which more must be known than its trace tells.
   */
  private keyOf({ end }: RunResult, { answers }: Pick<Plan, 'answers'>): string | undefined {
    if (end !== RunEnd.Done || !this.machine.subject.traceTellsAll) return undefined;
    return `${this.machine.trace().digest()} ${JSON.stringify(answers)}`;
  }

  private look(result: RunResult, plan: Pick<Plan, 'answers'>): Judgement {
    // One after the other, which takes two thirds of the time that all of them event by event take.
    for (const observer of this.observers) {
      observer.begin();
      this.machine.trace().show((event, index) => observer.observe(event, index), observer.notesOnly);
    }
    const found = [...this.endOf(result), ...this.observers.flatMap((observer) => observer.findings())];
    const rest = result.end === RunEnd.Done ? this.atRest(plan) : NOTHING;
    found.push(...rest.findings);
    const failures = found.filter((finding) => !finding.advisory);
    return {
      failures: [...failures.filter(isHarm), ...failures.filter((finding) => !isHarm(finding))],
      advice: found.filter((finding) => finding.advisory),
      isCompared: rest.isCompared,
    };
  }

  private endOf({ end, endedBy, message, place, points }: RunResult): Finding[] {
    const finding = (kind: FindingKind, where: string, summary: string) => [
      { kind, place: where, summary, events: [], advisory: false },
    ];
    switch (end) {
      case RunEnd.Thrown:
        return finding('panic', place, `hart ${endedBy}: ${message}`);
      case RunEnd.Deadlock: {
        const waiters = waitersAtEnd(this.machine);
        return finding('deadlock', waiters.place, waiters.summary);
      }
      case RunEnd.StepLimit:
        return finding('livelock', 'step limit', `no end after ${points} steps`);
      default:
        return [];
    }
  }

  private atRest({ answers }: Pick<Plan, 'answers'>): AtRest {
    const { subject } = this.machine;
    const written = this.machine.written();
    const complaints = [...subject.complaints(written)];
    const outcome = this.oracle && subject.outcome?.(written);
    if (outcome !== undefined) complaints.push(...this.oracle!.complaints(outcome, answers));
    return {
      findings: complaints.map((complaint) => ({ ...complaint, events: [], advisory: false })),
      isCompared: outcome !== undefined && this.oracle!.hasCompared,
    };
  }
}

/** What is held against a run's end. */
interface AtRest {
  readonly findings: readonly Finding[];
  readonly isCompared: boolean;
}
const NOTHING: AtRest = { findings: [], isCompared: false };
