import { availableParallelism } from 'node:os';
import { formNamed, partsOf } from '../../kernel/config.js';
import type { Explanation } from '../../kernel/scenarios/explanation.js';
import {
  type BatchResult,
  type FoundAdvice,
  type FoundFailure,
  firstAndShortest,
} from '../../kernel/scenarios/explorer.js';
import { observerNames } from '../../kernel/scenarios/judge.js';
import { hartsOf, scenarioNamed } from '../../kernel/scenarios/scenarios.js';
import type { Coverage } from '../schedule/exhaustive.js';
import { STEP_LIMITS } from '../schedule/schedule-block.js';
import { strategyNamed } from '../schedule/strategies.js';
import { Exploration } from './exploration.js';

/** Strategy names that `check` and `explore` take: those that plan by number, and the search. */
export const EXHAUSTIVE = 'exhaustive';

/** How to explore. Everything has a default. */
export interface CheckOptions {
  readonly design?: string;
  readonly form?: string;
  readonly bug?: string | null;
  /** Of a scenario with a program; the others have as many as they have. */
  readonly harts?: number;
  readonly strategy?: string;
  /** Schedules to run at most. */
  readonly schedules?: number;
  /** And seconds to spend at most; results within the same number of schedules are the same however long it takes. */
  readonly seconds?: number;
  readonly seed?: number;
  /** Preemption bound of the exhaustive search. */
  readonly bound?: number;
  /** RAM of the machine in MiB. */
  readonly memory?: number;
  /** Points after which a run counts as a livelock. */
  readonly stepLimit?: number;
  /** Machines side by side. */
  readonly machines?: number;
  /** Names of the observers that are switched on; all when not given. The ledger and what ends a run always tell. */
  readonly observers?: readonly string[];
  /** Stop after the first batch with a failure that does harm. */
  readonly stopAtHarm?: boolean;
  /** Failures that are made small and explained; the rest are only listed. */
  readonly explain?: number;
  /** Told now and then how far it has come. */
  readonly progress?: (schedules: number, seconds: number) => void;
}

/** A failure of one kind and place, the first of its signature. */
export interface CheckFailure extends FoundFailure {
  /** Absent for failures beyond the number that was to be explained. */
  readonly explanation?: Explanation;
}

export interface CheckResult {
  readonly scenario: string;
  readonly design: string;
  readonly form: string;
  readonly bug: string | null;
  readonly strategy: string;
  readonly seed: number;
  readonly harts: number;
  readonly memory: number;
  readonly stepLimit: number;
  readonly schedules: number;
  /** Points of all runs. */
  readonly steps: number;
  readonly seconds: number;
  readonly schedulesPerSecond: number;
  /** Number of the first schedule with a failure, and with one that did harm. */
  readonly firstFailureAt: number | null;
  readonly firstHarmAt: number | null;
  /** Worst first. */
  readonly failures: readonly CheckFailure[];
  /** What observers tell that no run was failed for: words that were accessed without the lock that is declared for them. */
  readonly advice: readonly FoundAdvice[];
  /** Exhaustive search only. */
  readonly coverage: Coverage | null;
  readonly ok: boolean;
}

export const CHECK_DEFAULTS = {
  design: 'page-map-lock',
  form: 'sound',
  strategy: 'random',
  schedules: 2000,
  seed: 1,
  bound: 2,
  memory: 2,
  stepLimit: 20_000,
  explain: 3,
  processes: 8,
} as const;

/** Schedules of one piece of work: small enough for a progress line, and to share out. */
const BATCH = 100;
const SEARCH_BATCH = 50;

/**
 * Explores schedules of a scenario and explains the failures that it finds.
 * Throws BootError or RangeError for names that nothing has, and BootError for a bug that the design cannot have.
 */
export async function check(scenario: string, options: CheckOptions = {}): Promise<CheckResult> {
  const chosen = { ...CHECK_DEFAULTS, ...withoutUndefined(options) };
  const { design, form, strategy, seed, memory, stepLimit, processes } = chosen;
  const bug = options.bug ?? null;
  const harts = hartsOf(scenarioNamed(scenario), options.harts);
  const kernel = { design, form: formNamed(form), bug, processes };
  partsOf(kernel);
  if (!Number.isSafeInteger(stepLimit) || stepLimit < STEP_LIMITS.min || stepLimit > STEP_LIMITS.max)
    throw new RangeError(
      `stepLimit must be a whole number from ${STEP_LIMITS.min} to ${STEP_LIMITS.max}, not ${stepLimit}`,
    );
  const stranger = options.observers?.find((name) => !observerNames.includes(name));
  if (stranger !== undefined)
    throw new RangeError(`there is no observer '${stranger}'; there are: ${observerNames.join(', ')}`);
  if (strategy !== EXHAUSTIVE) strategyNamed(strategy);
  const machines = strategy === EXHAUSTIVE ? 1 : (options.machines ?? defaultMachines(harts));
  const exploration = new Exploration({ scenario, harts, kernel, memory, stepLimit }, machines, options.observers);
  try {
    const started = performance.now();
    const found = await explore(exploration, chosen);
    const seconds = (performance.now() - started) / 1000;
    const failures = await explained(exploration, found.failures, chosen.explain);
    return {
      ...{ scenario, design, form, bug, strategy, seed, harts, memory, stepLimit },
      schedules: found.schedules,
      steps: found.steps,
      seconds,
      schedulesPerSecond: found.schedules / seconds,
      firstFailureAt: found.firstFailure,
      firstHarmAt: found.firstHarm,
      failures,
      advice: found.advice.toSorted((a, b) => a.schedule - b.schedule),
      coverage: 'coverage' in found ? found.coverage : null,
      ok: found.failures.length === 0,
    };
  } finally {
    await exploration.close();
  }
}

/**
 * As many as leave every hart a core to spin on while it waits for its turn: although the harts of a machine take turns,
 * more machines than that ran fewer schedules in a second.
 */
function defaultMachines(harts: number): number {
  return Math.max(1, Math.floor(availableParallelism() / harts));
}

type Chosen = typeof CHECK_DEFAULTS extends infer D
  ? { [K in keyof D]: D[K] extends number ? number : string } & CheckOptions
  : never;

async function explore(
  exploration: Exploration,
  chosen: Chosen,
): Promise<BatchResult & { readonly coverage?: Coverage }> {
  const { strategy, seed, schedules, seconds = Number.POSITIVE_INFINITY, bound } = chosen;
  const started = performance.now();
  const results: BatchResult[] = [];
  let next = 0;
  let stop = false;
  let coverage: Coverage | undefined;
  const piece = async (first: number, count: number): Promise<BatchResult> => {
    if (strategy !== EXHAUSTIVE) return exploration.batch(strategy, seed, first, count);
    const result = await exploration.search(bound, first, count);
    coverage = result.coverage;
    stop ||= coverage.complete;
    return result;
  };
  const machine = async () => {
    while (!stop && next < schedules) {
      const first = next;
      const count = Math.min(strategy === EXHAUSTIVE ? SEARCH_BATCH : BATCH, schedules - first);
      next += count;
      const result = await piece(first, count);
      results.push(result);
      const elapsed = (performance.now() - started) / 1000;
      stop ||= elapsed > seconds || (chosen.stopAtHarm === true && result.firstHarm !== null);
      chosen.progress?.(sum(results.map((r) => r.schedules)), elapsed);
    }
  };
  await Promise.all(Array.from({ length: exploration.machines }, machine));
  return coverage === undefined ? merged(results) : { ...merged(results), coverage };
}

/** The same whatever machine ran which batch, and in which order they ended. */
function merged(results: readonly BatchResult[]): BatchResult {
  const least = (numbers: readonly (number | null)[]) => {
    const some = numbers.filter((n) => n !== null);
    return some.length === 0 ? null : Math.min(...some);
  };
  return {
    schedules: sum(results.map((result) => result.schedules)),
    steps: sum(results.map((result) => result.steps)),
    failures: firstAndShortestOfEach(results.flatMap((result) => result.failures)),
    advice: firstOfEach(results.flatMap((result) => result.advice)),
    firstFailure: least(results.map((result) => result.firstFailure)),
    firstHarm: least(results.map((result) => result.firstHarm)),
  };
}

/** By schedule first, so that ties between plans of one length fall the same way in whatever order batches ended. */
function firstAndShortestOfEach(all: readonly FoundFailure[]): FoundFailure[] {
  const found = new Map<string, FoundFailure>();
  for (const failure of all.toSorted((a, b) => a.schedule - b.schedule))
    found.set(failure.signature, firstAndShortest(found.get(failure.signature), failure));
  return [...found.values()];
}

function firstOfEach<T extends FoundAdvice>(all: readonly T[]): T[] {
  const firsts = new Map<string, T>();
  for (const one of all) {
    const known = firsts.get(one.signature);
    if (known === undefined || one.schedule < known.schedule) firsts.set(one.signature, one);
  }
  return [...firsts.values()];
}

async function explained(
  exploration: Exploration,
  failures: readonly FoundFailure[],
  count: number,
): Promise<CheckFailure[]> {
  const worstFirst = failures.toSorted((a, b) => Number(b.harm) - Number(a.harm) || a.schedule - b.schedule);
  const out: CheckFailure[] = [];
  for (const [i, failure] of worstFirst.entries()) {
    const explanation = i < count ? await exploration.explain(failure) : undefined;
    out.push(explanation === undefined ? failure : { ...failure, explanation });
  }
  return out;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
