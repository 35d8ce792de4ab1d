import { availableParallelism } from 'node:os';
import { HOSTED } from '../../kernel/scenarios/hosted.js';
import { hostedLabel, hostedTitle } from '../../kernel/scenarios/hosted-config.js';
import { type CampaignChoice, type CampaignNames, campaignChoice, type Target, targetsOf } from './campaign-choice.js';
import { enter, nextRound, type Piece, type PieceResult } from './campaign-pieces.js';
import { beginning, type CampaignFailure, type CampaignState, type TargetState } from './campaign-state.js';
import { CHECK_DEFAULTS, type CheckFailure } from './check.js';
import { Exploration } from './exploration.js';
import type { FoundIn } from './explore-subject.js';
import { type ExploreThreads, giveBack, takeThreads } from './explore-threads.js';
import { VERSION } from './manifest.js';

/** Of nearly all scenarios: each wants a core of its own. */
const HARTS = 2;

/** How to run many scenarios. Everything has a default. */
export interface CampaignOptions extends CampaignNames {
  /** Schedules to run at most, all scenarios together, and with those of earlier sessions. */
  readonly schedules?: number;
  /** Seconds to spend at most, of this session. */
  readonly seconds?: number;
  /** Machines side by side; what a number of schedules comes to does not depend on it. */
  readonly machines?: number;
  /** Goes on from there. */
  readonly state?: CampaignState;
  /** Failures that are made small and explained, the first ones; the rest are only listed. */
  readonly explain?: number;
  /** Aborted: no more schedules are begun, and what there is by then is the result. */
  readonly signal?: AbortSignal;
  /** Told after each round how far it has come, and what it takes to go on from there. */
  readonly progress?: (soFar: CampaignProgress, state: CampaignState) => void;
}

export interface CampaignProgress {
  readonly schedules: number;
  /** Of this session. */
  readonly seconds: number;
  /** Scenarios with a kernel that were run once at least, of so many. */
  readonly begun: number;
  readonly subjects: number;
  readonly failures: number;
}

/** A failure, and what `failureFileOf` takes to save it. */
export interface ReportedFailure {
  readonly explored: FoundIn;
  readonly failure: CheckFailure;
  /** Names of the scenarios in which it was met. */
  readonly scenarios: readonly string[];
}

export interface CampaignResult {
  readonly choice: CampaignChoice;
  readonly targets: readonly TargetState[];
  readonly schedules: number;
  readonly seconds: number;
  readonly failures: readonly ReportedFailure[];
  /** It was to stop before its end, by `signal`. */
  readonly interrupted: boolean;
  /** Nothing failed, everything could be set up, and there was a schedule. */
  readonly ok: boolean;
  readonly state: CampaignState;
}

export const CAMPAIGN_DEFAULTS = { seconds: 60, explain: 3 } as const;

/**
 * Runs scenarios, written and generated, over designs and strategies, a few schedules of each in turn. With a bug, or all
 * that do harm one beside the other, it looks for the first harm that each does, and is not told where.
 * Throws BootError or RangeError for names that nothing has or that do not go together.
 */
export async function campaign(options: CampaignOptions = {}): Promise<CampaignResult> {
  const choice = campaignChoice(options);
  const targets = targetsOf(choice);
  const state = structuredClone(options.state) ?? beginning(choice, VERSION, targets);
  const machines = options.machines ?? Math.max(1, Math.floor(availableParallelism() / HARTS));
  const threads = Array.from({ length: machines }, () => takeThreads(1));
  try {
    await explore(options, choice, targets, state, threads);
    const failures = await explained(state, threads[0]!, options.explain ?? CAMPAIGN_DEFAULTS.explain);
    const schedules = schedulesOf(state);
    const isWhole = state.targets.every(({ notSetUp }) => notSetUp.length === 0);
    return {
      ...{ choice, targets: state.targets, schedules, seconds: state.seconds, failures, state },
      interrupted: options.signal?.aborted === true,
      ok: failures.length === 0 && isWhole && schedules > 0,
    };
  } finally {
    for (const one of threads) await giveBack(one);
  }
}

/** Round after round, until the schedules or the seconds are spent. */
async function explore(
  { schedules, seconds, signal, progress }: CampaignOptions,
  choice: CampaignChoice,
  targets: readonly Target[],
  state: CampaignState,
  threads: readonly ExploreThreads[],
): Promise<void> {
  const most = schedules ?? Number.POSITIVE_INFINITY;
  const longest = seconds ?? (schedules === undefined ? CAMPAIGN_DEFAULTS.seconds : Number.POSITIVE_INFINITY);
  const started = performance.now();
  const before = state.seconds;
  const elapsed = () => (performance.now() - started) / 1000;
  const isOver = () => signal?.aborted === true || elapsed() > longest;
  while (!isOver()) {
    const pieces = nextRound(choice, targets, state.targets, most - schedulesOf(state));
    if (pieces.length === 0) return;
    const results = await inParallel(pieces, threads, isOver);
    for (const [i, result] of results.entries()) enter(state.targets[pieces[i]!.target]!, pieces[i]!, result);
    state.seconds = before + elapsed();
    progress?.(progressOf(targets, state, elapsed()), state);
  }
}

/** What the pieces came to, as far as they were begun, which is in their order. */
async function inParallel(
  pieces: readonly Piece[],
  threads: readonly ExploreThreads[],
  isOver: () => boolean,
): Promise<PieceResult[]> {
  const results: PieceResult[] = [];
  let next = 0;
  const machine = async (own: ExploreThreads) => {
    while (next < pieces.length && !isOver()) {
      const place = next++;
      results[place] = await resultOf(pieces[place]!, own, threads.length);
    }
  };
  await Promise.all(threads.map(machine));
  return results;
}

async function resultOf({ subject, batches }: Piece, threads: ExploreThreads, machines: number): Promise<PieceResult> {
  const exploration = explorationOf(subject, threads, machines);
  const results = [];
  for (const { strategy, seed, first, count } of batches)
    try {
      results.push(await exploration.batch(strategy, seed, first, count));
    } catch (error) {
      // The one that comes from another thread with its class, as a SubjectError is one.
      if (error instanceof RangeError) return error.message;
      throw error;
    }
  return results;
}

/** @param machines how many are at work side by side */
function explorationOf(subject: Piece['subject'], threads: ExploreThreads, machines: number): Exploration {
  const { stepLimit } = CHECK_DEFAULTS;
  const choice = { kind: HOSTED, config: subject };
  return new Exploration({ subject: choice, harts: subject.harts, stepLimit, machines, oracle: true, threads });
}

/** In the order in which they were met; harm first. */
async function explained(state: CampaignState, threads: ExploreThreads, most: number): Promise<ReportedFailure[]> {
  const all = state.targets.flatMap(({ failures }) => failures);
  const worstFirst = all.toSorted((a, b) => Number(b.failure.harm) - Number(a.failure.harm));
  const reported: ReportedFailure[] = [];
  for (const [i, { subject, strategy, failure, scenarios }] of worstFirst.entries()) {
    const explanation = i < most ? await explorationOf(subject, threads, 1).explain(failure) : undefined;
    const explored = exploredOf(state, { subject, strategy });
    reported.push({ explored, failure: explanation === undefined ? failure : { ...failure, explanation }, scenarios });
  }
  return reported;
}

function exploredOf(
  { choice }: CampaignState,
  { subject, strategy }: Pick<CampaignFailure, 'subject' | 'strategy'>,
): FoundIn {
  return {
    title: hostedTitle(subject),
    label: hostedLabel(subject),
    subject: { kind: HOSTED, config: subject },
    plugins: [],
    stepLimit: CHECK_DEFAULTS.stepLimit,
    strategy,
    seed: choice.seed,
  };
}

function progressOf(targets: readonly Target[], state: CampaignState, seconds: number): CampaignProgress {
  const begun = targets.flatMap(({ rows }, i) =>
    rows.map(({ length }) => Math.min(length, Math.ceil(state.targets[i]!.pieces / rows.length))),
  );
  return {
    schedules: schedulesOf(state),
    seconds,
    begun: sum(begun),
    subjects: sum(targets.flatMap(({ rows }) => rows.map(({ length }) => length))),
    failures: sum(state.targets.map(({ failures }) => failures.length)),
  };
}

function schedulesOf({ targets }: CampaignState): number {
  return sum(targets.map(({ schedules }) => schedules));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
