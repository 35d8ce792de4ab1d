import { type FindingKind, isHarm, signatureOf } from '../races/finding.js';
import { Contention } from '../schedule/contention.js';
import type { RunResult } from '../schedule/coordinator.js';
import { Fingerprint } from '../schedule/equivalence.js';
import { type Coverage, ExhaustiveSearch } from '../schedule/exhaustive.js';
import type { Plan } from '../schedule/plan.js';
import { plainPlan } from '../schedule/plan.js';
import { recordedSwitches, replayPlan } from '../schedule/replay.js';
import type { ScenarioFacts, Strategy } from '../schedule/strategy.js';
import type { ControlledMachine } from './controlled-machine.js';
import { Judge, type Judgement } from './judge.js';
import { SerialOracle } from './oracle.js';

/** A failure, and when it was first met. Structured-cloneable. */
export interface FoundFailure {
  /** Number of the schedule, from 0. */
  readonly schedule: number;
  readonly signature: string;
  readonly kind: FindingKind;
  readonly summary: string;
  /** Whether the run did harm, or only could have. */
  readonly harm: boolean;
  /** Repeats the failure: of all runs that had it, one with the fewest switches, which is the easiest to make small. */
  readonly plan: Plan;
}

/** What a failure is known by, and how to make it happen. */
export type FailureKey = Pick<FoundFailure, 'signature' | 'plan'>;

/** Of two failures with one signature: when it was first met, and the shorter way to it. */
export function firstAndShortest(known: FoundFailure | undefined, other: FoundFailure): FoundFailure {
  if (known === undefined) return other;
  const [first, second] = known.schedule <= other.schedule ? [known, other] : [other, known];
  const shorter = second.plan.switches.length < first.plan.switches.length ? second : first;
  return { ...first, plan: shorter.plan };
}

/** What observers told beside failures, as it was first met. Structured-cloneable. */
export type FoundAdvice = Pick<FoundFailure, 'schedule' | 'signature' | 'kind' | 'summary'>;

export interface BatchResult {
  readonly schedules: number;
  /** Points of all runs. */
  readonly steps: number;
  /** The first of each signature. */
  readonly failures: readonly FoundFailure[];
  /** What a sound supervisor may do too: the first of each signature. */
  readonly advice: readonly FoundAdvice[];
  /**
   * Classes of runs that differ only in the order of accesses that do not depend on one another: by fingerprint, the number
   * of the first schedule of each. Empty where they are not counted, and for a search, which leaves out what is equivalent.
   */
  readonly classes: ReadonlyMap<number, number>;
  /** Runs that the serial oracle compared with serial ones: 0 where there is none. */
  readonly compared: number;
  /** Number of the first schedule that had any failure, and any that did harm; null: none. */
  readonly firstFailure: number | null;
  readonly firstHarm: number | null;
}

/** Runs whose fingerprints are remembered. */
const MOST_REMEMBERED = 100_000;

/** Runs many schedules of one machine and keeps what was held against them. */
export class Explorer {
  readonly facts: ScenarioFacts;
  private readonly judge: Judge;
  private readonly contention: Contention;
  private readonly harts: number;
  /** There when runs are compared with serial ones. */
  private readonly oracle: SerialOracle | undefined;
  /** Of runs, by the digests of their traces. */
  private readonly fingerprints = new Map<number, number>();

  /**
   * @param withOracle whether runs are compared with serial ones, of a subject that tells its outcome
   * @param countsClasses whether classes of equivalent runs are counted, for which each trace is read once more
   */
  constructor(
    readonly machine: ControlledMachine,
    observers?: readonly string[],
    withOracle = false,
    private readonly countsClasses = false,
  ) {
    this.oracle = withOracle && machine.subject.outcome !== undefined ? new SerialOracle(machine) : undefined;
    this.judge = new Judge(machine, observers, this.oracle);
    this.contention = new Contention(machine.memory.map.ramSize);
    this.harts = machine.memory.map.harts.length;
    this.facts = this.learn();
  }

  /** Schedules number `first` to `first + count - 1` of the seed. */
  batch(strategy: Strategy, seed: number, first: number, count: number): BatchResult {
    const results = new Results(this.harts);
    for (let index = first; index < first + count; index++) {
      const plan = strategy.plan(this.facts, seed, index);
      const { result, judgement } = this.run(plan);
      results.add(index, plan, result, judgement);
      if (this.countsClasses) results.addClass(index, this.classOfLastRun());
    }
    return results.batch();
  }

  /** At most `count` more schedules of an exhaustive search, `first` of which have been run. */
  searchOn(search: ExhaustiveSearch, first: number, count: number): BatchResult & { readonly coverage: Coverage } {
    const results = new Results(this.harts);
    for (let index = first; index < first + count; index++) {
      const plan = search.next();
      if (plan === undefined) break;
      const { result, judgement } = this.run(plan);
      results.add(index, plan, result, judgement);
      if (this.learnFrom()) search.restart();
      else search.learn(result, this.machine.trace(), this.machine.coordinator.contended);
    }
    return { ...results.batch(), coverage: search.coverage() };
  }

  search(bound: number): ExhaustiveSearch {
    return new ExhaustiveSearch(this.harts, bound);
  }

  hasFailure({ failures }: Judgement, signature: string): boolean {
    return failures.some((finding) => signatureOf(finding) === signature);
  }

  /** One run, judged. */
  run(plan: Plan): { result: RunResult; judgement: Judgement } {
    this.oracle?.prepare();
    for (;;) {
      const result = this.machine.run(plan);
      const judgement = this.judge.judge(result, plan);
      if (judgement !== undefined) return { result, judgement };
    }
  }

  /**
   * Runs without preemption, each hart first in turn, until they show no new contended word. The same on every machine,
   * so the plans that strategies make from it are too, and so is what observers have learned of words that guest code
   * synchronises by.
   */
  private learn(): ScenarioFacts {
    const preferences = Array.from({ length: this.harts }, (_, first) => rotate(this.harts, first));
    const runAll = () =>
      preferences.map((preference) => {
        const { result } = this.run({ ...plainPlan(this.harts), preference });
        return { result, fresh: this.learnFrom() };
      });
    const { coordinator } = this.machine;
    coordinator.quiet(false);
    while (runAll().some(({ fresh }) => fresh));
    // What guest code does is then the same with fewer stops.
    coordinator.quiet(true);
    while (runAll().some(({ fresh }) => fresh));
    const runs = runAll().map(({ result }) => result);
    return {
      harts: this.harts,
      points: Math.max(...runs.map((run) => run.points)),
      contendedPoints: Math.max(...runs.map((run) => run.contendedPoints)),
      asked: runs[0]!.asked.map((times, question) => (this.allows(question) ? times : 0)),
    };
  }

  /** Many schedules come to the same run, so that is remembered. */
  private classOfLastRun(): number {
    const trace = this.machine.trace();
    const digest = trace.digest();
    let known = this.fingerprints.get(digest);
    if (known === undefined) {
      const whole = new Fingerprint(this.machine.coordinator.contended);
      trace.show((event) => whole.add(event));
      known = whole.value;
      if (this.fingerprints.size >= MOST_REMEMBERED) this.fingerprints.clear();
      this.fingerprints.set(digest, known);
    }
    return known;
  }

  private allows(question: number): boolean {
    return this.machine.subject.questions.some((allowed) => allowed === question);
  }

  /** Whether the last run showed words to be contended that were not known to be. */
  private learnFrom(): boolean {
    const fresh = this.contention.learn(this.machine.trace());
    for (const address of fresh) this.machine.coordinator.contended.add(address);
    return fresh.length > 0;
  }
}

class Results {
  private readonly failures = new Map<string, FoundFailure>();
  private readonly advice = new Map<string, FoundAdvice>();
  private readonly classes = new Map<number, number>();
  private schedules = 0;
  private steps = 0;
  private firstFailure: number | null = null;
  private firstHarm: number | null = null;

  private compared = 0;

  constructor(private readonly harts: number) {}

  add(schedule: number, plan: Plan, result: RunResult, { failures, advice, isCompared }: Judgement): void {
    this.schedules++;
    if (isCompared) this.compared++;
    this.steps += result.points;
    for (const finding of advice) {
      const { kind, summary } = finding;
      const signature = signatureOf(finding);
      if (!this.advice.has(signature)) this.advice.set(signature, { schedule, signature, kind, summary });
    }
    if (failures.length === 0) return;
    this.firstFailure ??= schedule;
    if (failures.some(isHarm)) this.firstHarm ??= schedule;
    for (const failure of failures) {
      const signature = signatureOf(failure);
      const { kind, summary } = failure;
      const repeat = replayPlan(plan, recordedSwitches(this.harts, result.switches));
      const found = { schedule, signature, kind, summary, harm: isHarm(failure), plan: repeat };
      this.failures.set(signature, firstAndShortest(this.failures.get(signature), found));
    }
  }

  addClass(schedule: number, fingerprint: number): void {
    if (!this.classes.has(fingerprint)) this.classes.set(fingerprint, schedule);
  }

  batch(): BatchResult {
    const { schedules, steps, classes, compared, firstFailure, firstHarm } = this;
    const failures = [...this.failures.values()];
    const advice = [...this.advice.values()];
    return { schedules, steps, failures, advice, classes, compared, firstFailure, firstHarm };
  }
}

/** All harts, `first` preferred, the others after it in order. */
function rotate(harts: number, first: number): number[] {
  return Array.from({ length: harts }, (_, i) => (first + i) % harts);
}
