import type { HostedConfig } from '../../kernel/scenarios/hosted-config.js';
import type { BatchResult } from '../explore/explorer.js';
import { type CampaignChoice, configAt, type Place, type Target } from './campaign-choice.js';
import type { CampaignFailure, TargetState } from './campaign-state.js';

/**
 * Schedules of each strategy in one piece of work, by how often the scenario has had its turn. At first one: most mistakes that
 * show somewhere show there soon, many of them always, and have to be looked for in the right place. After that more, as
 * setting a scenario up takes as long as a few dozen.
 */
const COUNTS = [1, 2, 4, 8] as const;
/** Scenarios begin with different schedules, by their place: a schedule's number says in which part of a run it intervenes. */
const BEGINNINGS = 6;
/** Pieces of a round where there is one target: none of them waits for what another finds. */
const ROUND = 16;

interface PieceBatch {
  readonly strategy: string;
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

/** Some schedules of one subject, by each strategy. */
export interface Piece {
  readonly target: number;
  /** In the endless row of the target's pieces. */
  readonly number: number;
  readonly subject: HostedConfig;
  readonly batches: readonly PieceBatch[];
}

/** What a piece came to: the results of its batches. A text: why its subject could not be set up. */
export type PieceResult = string | readonly BatchResult[];

/**
 * The next pieces of work, which depend on nothing but how far the campaign has come: whatever number of machines shares
 * them out, the same is done. A bug that has been found is done with.
 * @param most schedules, all pieces together
 */
export function nextRound(
  choice: CampaignChoice,
  targets: readonly Target[],
  states: readonly TargetState[],
  most: number,
): Piece[] {
  const { strategies, seed } = choice;
  const pieces: Piece[] = [];
  let left = most;
  const each = targets.length === 1 ? ROUND : 1;
  for (const [target, { bug, rows }] of targets.entries()) {
    const state = states[target]!;
    if (rows.length === 0 || (bug !== null && state.found !== null)) continue;
    const places = rows.reduce((sum, { length }) => sum + length, 0);
    let taken = 0;
    // Once round at most: what cannot be set up is left out, and that may be all.
    for (let number = state.pieces; number < state.pieces + rows.length * places; number++) {
      if (taken === each || left === 0) break;
      const row = rows[number % rows.length]!;
      const at = Math.floor(number / rows.length);
      const place = row[at % row.length]!;
      if (state.notSetUp.some(({ subject }) => isAt(subject, place))) continue;
      const scenarios = scenariosIn(row);
      const { first: before, count: wanted } = turn(Math.floor(at / scenarios));
      const first = ((at % scenarios) % BEGINNINGS) + before;
      const batches = strategies.map((strategy) => {
        const count = Math.min(wanted, left);
        left -= count;
        return { strategy, seed, first, count };
      });
      pieces.push({
        target,
        number,
        subject: configAt(choice, bug, place),
        batches: batches.filter(({ count }) => count > 0),
      });
      taken++;
    }
  }
  return pieces;
}

/** Which schedules a scenario gets in its turn number `visits`: in another design it goes on where it was in the last one. */
function turn(visits: number): { readonly first: number; readonly count: number } {
  const last = COUNTS.length - 1;
  const before = COUNTS.slice(0, visits).reduce<number>((sum, count) => sum + count, 0);
  const most = COUNTS[last]!;
  return { first: before + Math.max(0, visits - COUNTS.length) * most, count: COUNTS[Math.min(visits, last)]! };
}

/** A row has every scenario once before it has any again. */
function scenariosIn(row: readonly Place[]): number {
  return new Set(row.map(({ scenario }) => scenario)).size;
}

/** Enters what a piece came to. Those of a target come in their order. */
export function enter(state: TargetState, { number, subject, batches }: Piece, result: PieceResult): void {
  // In the same round as the harm that was looked for, and after it.
  if (state.bug !== null && state.found !== null) return;
  const { design } = subject.kernel;
  state.done[design] ??= { pieces: 0, schedules: 0 };
  const done = state.done[design];
  state.pieces = number + 1;
  if (typeof result === 'string') {
    state.notSetUp.push({ subject, why: result });
    // A mistake that shows before anything is run at once.
    if (state.bug !== null) state.found = state.schedules;
    return;
  }
  done.pieces++;
  for (const [i, { strategy, first }] of batches.entries()) {
    const { schedules, firstHarm, failures } = result[i]!;
    if (state.found === null && firstHarm !== null) state.found = state.schedules + firstHarm - first + 1;
    for (const failure of failures) meet(state.failures, { subject, strategy, failure });
    state.schedules += schedules;
    done.schedules += schedules;
  }
}

/** One failure of each signature in each design. */
function meet(known: CampaignFailure[], met: Omit<CampaignFailure, 'scenarios'>): void {
  const { scenario, kernel } = met.subject;
  const place = known.findIndex(
    (other) => other.subject.kernel.design === kernel.design && other.failure.signature === met.failure.signature,
  );
  const other = known[place];
  if (other === undefined) known.push({ ...met, scenarios: [scenario] });
  else if (!other.scenarios.includes(scenario)) known[place] = { ...other, scenarios: [...other.scenarios, scenario] };
}

function isAt({ scenario, kernel }: HostedConfig, place: Place): boolean {
  return scenario === place.scenario && kernel.design === place.design;
}
