import { availableParallelism } from 'node:os';
import { loadPlugins } from '../../workers/plugins.js';
import type { Explanation } from '../explore/explanation.js';
import { type BatchResult, type FoundAdvice, type FoundFailure, firstAndShortest } from '../explore/explorer.js';
import type { SubjectChoice } from '../explore/subject.js';
import { observerNamed } from '../races/observers.js';
import type { Coverage } from '../schedule/exhaustive.js';
import { strategyNamed } from '../schedule/strategies.js';
import { Exploration } from './exploration.js';

/** Strategy names that `check` and `explore` take: those that plan by number, and the search. */
export const EXHAUSTIVE = 'exhaustive';

/** How to explore, whatever it is. Everything has a default. */
export interface ExploreOptions {
  readonly strategy?: string;
  /** Schedules to run at most. */
  readonly schedules?: number;
  /** And seconds to spend at most; results within the same number of schedules are the same however long it takes. */
  readonly seconds?: number;
  readonly seed?: number;
  /** Preemption bound of the exhaustive search. */
  readonly bound?: number;
  /** Points after which a run counts as a livelock. */
  readonly stepLimit?: number;
  /** Machines side by side. */
  readonly machines?: number;
  /** Names of the observers that are switched on; all when not given. The ledger and what ends a run always tell. */
  readonly observers?: readonly string[];
  /**
   * Compare every run with the serial orders of its operations: what none of them comes to is a failure too. Not given: where
   * the scenario has no check of its own. Of no use to a scenario with a program.
   */
  readonly oracle?: boolean;
  /** Count classes of equivalent runs, for which each trace is read once more. */
  readonly classes?: boolean;
  /** Stop after the first batch with a failure that does harm; which one that is does not depend on the number of machines. */
  readonly stopAtHarm?: boolean;
  /**
   * Modules of somebody else's with scenarios, bugs and observers (`Plugin`), which then have names as ours do: file URLs,
   * as `import.meta.resolve` gives them. Every thread loads them by itself.
   */
  readonly plugins?: readonly (string | URL)[];
  /** Failures that are made small and explained; the rest are only listed. */
  readonly explain?: number;
  /** Aborted: no more schedules are begun, and what there is by then is the result. */
  readonly signal?: AbortSignal;
  /** Told now and then how far it has come. */
  readonly progress?: (soFar: CheckProgress) => void;
  /**
   * Told of the first failure of each signature while others are still looked for: it may not be the first by number, and is
   * none of the results when it was found beyond the schedule that ends them (`stopAtHarm`).
   */
  readonly found?: (failure: FoundFailure, of: FoundIn) => void;
}

/** What a failure was found in, and how. */
export type FoundIn = Pick<
  ExploredResult,
  'title' | 'label' | 'subject' | 'plugins' | 'strategy' | 'seed' | 'stepLimit'
>;

/** How far a check has come. */
export interface CheckProgress {
  readonly schedules: number;
  readonly seconds: number;
  /** Of different signatures. */
  readonly failures: number;
}

/** A failure of one kind and place, the first of its signature. */
export interface CheckFailure extends FoundFailure {
  /** Absent for failures beyond the number that was to be explained. */
  readonly explanation?: Explanation;
}

/** What came of exploring a subject, whatever it is. */
export interface ExploredResult {
  /** What was explored, in words: `fault-fault, design page-map-lock (sound)`. */
  readonly title: string;
  /** The same as a part of a file's name: `fault-fault-page-map-lock`. */
  readonly label: string;
  /** And for a failure file. */
  readonly subject: SubjectChoice;
  /** File URLs. */
  readonly plugins: readonly string[];
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
  /**
   * How many classes of runs there were that differ by more than the order of accesses that do not depend on one another, and
   * the first schedule of the one that was met last. When that is long ago, more schedules of this strategy tell little. Null
   * where they are not counted, and for exhaustive search.
   */
  readonly classes: { readonly count: number; readonly lastNewAt: number } | null;
  /**
   * How many of the schedules the serial oracle compared with serial orders: those that ended, and for which the serial runs
   * are not too many. Null where it was not asked.
   */
  readonly compared: number | null;
  /** Exhaustive search only. */
  readonly coverage: Coverage | null;
  /** It was to stop before its end, by `signal`. */
  readonly interrupted: boolean;
  /** No run failed, and there was one. */
  readonly ok: boolean;
}

export const CHECK_DEFAULTS = {
  strategy: 'random',
  schedules: 2000,
  seed: 1,
  bound: 2,
  stepLimit: 20_000,
  explain: 3,
} as const;

/** Schedules of one piece of work: small enough for a progress line, and to share out. */
const BATCH = 100;
const SEARCH_BATCH = 50;

/** What is explored. */
export interface Explored {
  readonly title: string;
  readonly label: string;
  readonly subject: SubjectChoice;
  readonly harts: number;
  /** RAM in MiB. */
  readonly memory: number;
  /** Whether the serial oracle is asked where the options do not say. */
  readonly oracle: boolean;
  /** Machines side by side where the options do not say; not given: as many as leave every hart a core. */
  readonly machines?: number;
}

/**
 * Explores schedules of a subject and explains the failures that it finds. The plugins are those that the subject needs.
 * Throws RangeError for names that nothing has, and SubjectError for a subject or a plugin that cannot be used.
 */
export async function exploreSubject(what: Explored, options: ExploreOptions): Promise<ExploredResult> {
  const chosen = { ...CHECK_DEFAULTS, ...withoutUndefined(options) };
  const { strategy, seed, stepLimit } = chosen;
  const plugins = await pluginsOf(options);
  const { title, label, subject, harts, memory } = what;
  options.observers?.forEach(observerNamed);
  if (strategy !== EXHAUSTIVE) strategyNamed(strategy);
  const machines = strategy === EXHAUSTIVE ? 1 : (options.machines ?? what.machines ?? defaultMachines(harts));
  const { observers, classes, oracle = what.oracle } = options;
  const exploration = new Exploration({ subject, harts, stepLimit, machines, observers, oracle, classes, plugins });
  try {
    const started = performance.now();
    const foundIn = { title, label, subject, plugins, strategy, seed, stepLimit };
    const found = await explore(exploration, machines, chosen, (failure) => options.found?.(failure, foundIn));
    const seconds = (performance.now() - started) / 1000;
    const failures = await explained(exploration, found.failures, chosen.explain);
    return {
      ...foundIn,
      ...{ harts, memory },
      schedules: found.schedules,
      steps: found.steps,
      seconds,
      schedulesPerSecond: found.schedules / seconds,
      firstFailureAt: found.firstFailure,
      firstHarmAt: found.firstHarm,
      failures,
      advice: found.advice.toSorted((a, b) => a.schedule - b.schedule),
      classes: classesIn(found),
      compared: oracle ? found.compared : null,
      coverage: 'coverage' in found ? found.coverage : null,
      interrupted: options.signal?.aborted === true,
      ok: found.failures.length === 0 && found.schedules > 0,
    };
  } finally {
    await exploration.close();
  }
}

/** Loads those that are not loaded yet: their scenarios and bugs then have names here. File URLs. */
export async function pluginsOf({ plugins = [] }: Pick<ExploreOptions, 'plugins'>): Promise<readonly string[]> {
  const urls = plugins.map(String);
  await loadPlugins(urls);
  return urls;
}

/**
 * As many as leave every hart a core to spin on while it waits for its turn: although the harts of a machine take turns,
 * more machines than that ran fewer schedules in a second.
 */
function defaultMachines(harts: number): number {
  return Math.max(1, Math.floor(availableParallelism() / harts));
}

type Chosen = typeof CHECK_DEFAULTS extends infer D
  ? { [K in keyof D]: D[K] extends number ? number : string } & ExploreOptions
  : never;

async function explore(
  exploration: Exploration,
  machines: number,
  chosen: Chosen,
  tell: (failure: FoundFailure) => void,
): Promise<BatchResult & { readonly coverage?: Coverage }> {
  const { strategy, seed, schedules, seconds = Number.POSITIVE_INFINITY, bound } = chosen;
  const started = performance.now();
  const batches: { readonly first: number; readonly result: BatchResult }[] = [];
  let next = 0;
  let stop = false;
  /** Schedules from here on do not count. */
  let end = Number.POSITIVE_INFINITY;
  let coverage: Coverage | undefined;
  let done = 0;
  const signatures = new Set<string>();
  const piece = async (first: number, count: number): Promise<BatchResult> => {
    if (strategy !== EXHAUSTIVE) return exploration.batch(strategy, seed, first, count);
    const result = await exploration.search(bound, first, count);
    coverage = result.coverage;
    stop ||= coverage.complete;
    return result;
  };
  const machine = async () => {
    while (!stop && chosen.signal?.aborted !== true && next < schedules) {
      const first = next;
      const count = Math.min(strategy === EXHAUSTIVE ? SEARCH_BATCH : BATCH, schedules - first);
      next += count;
      const result = await piece(first, count);
      batches.push({ first, result });
      const elapsed = (performance.now() - started) / 1000;
      // Those before it are under way, or done.
      if (chosen.stopAtHarm === true && result.firstHarm !== null) end = Math.min(end, first + count);
      stop ||= elapsed > seconds || end < Number.POSITIVE_INFINITY;
      for (const failure of result.failures) {
        if (!signatures.has(failure.signature)) tell(failure);
        signatures.add(failure.signature);
      }
      done += result.schedules;
      chosen.progress?.({ schedules: done, seconds: elapsed, failures: signatures.size });
    }
  };
  await Promise.all(Array.from({ length: machines }, machine));
  const results = batches.filter(({ first }) => first < end).map(({ result }) => result);
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
    classes: firstOfEachClass(results),
    compared: sum(results.map((result) => result.compared)),
    firstFailure: least(results.map((result) => result.firstFailure)),
    firstHarm: least(results.map((result) => result.firstHarm)),
  };
}

function firstOfEachClass(results: readonly BatchResult[]): ReadonlyMap<number, number> {
  const firsts = new Map<number, number>();
  for (const { classes } of results)
    for (const [one, schedule] of classes) firsts.set(one, Math.min(schedule, firsts.get(one) ?? schedule));
  return firsts;
}

/** Null where they were not counted. */
function classesIn({ classes }: BatchResult): ExploredResult['classes'] {
  const firsts = [...classes.values()];
  return firsts.length === 0 ? null : { count: firsts.length, lastNewAt: firsts.reduce((a, b) => Math.max(a, b)) };
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

/** On all machines at once; the answers do not depend on which machine gives them. */
function explained(
  exploration: Exploration,
  failures: readonly FoundFailure[],
  count: number,
): Promise<CheckFailure[]> {
  const worstFirst = failures.toSorted((a, b) => Number(b.harm) - Number(a.harm) || a.schedule - b.schedule);
  return Promise.all(
    worstFirst.map(async (failure, i) => {
      const explanation = i < count ? await exploration.explain(failure) : undefined;
      return explanation === undefined ? failure : { ...failure, explanation };
    }),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function withoutUndefined<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
