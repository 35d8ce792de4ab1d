import { Question } from '../../../src/memory/access.js';
import type { Duel } from '../scenario.js';
import type { User } from '../user.js';
import { type Operation, operations } from './operations.js';
import { type Start, starts } from './starts.js';

/** Of two players where nothing else is said. */
const PLAYERS = [2, 3] as const;
/** In a name, before the start state: no other scenario has it in its name. */
const AT = '@';

/**
 * Duels that nobody wrote: every start state with every two operations that are played there, the first by the player on
 * hart 0, and with some threes. Memory may run out at any time. Their check is the serial oracle, beside the observers.
 */
export function generatedDuels(): readonly Duel[] {
  return [...byName().values()];
}

/** Made when somebody asks, which most never do, and once. */
let duels: ReadonlyMap<string, Duel> | undefined;

function byName(): ReadonlyMap<string, Duel> {
  duels ??= new Map(starts.flatMap(duelsAt).map((duel) => [duel.name, duel]));
  return duels;
}

function duelsAt(start: Start): Duel[] {
  const played = operations.filter((operation) => isPlayed(operation, start));
  const [firsts, seconds] = [0, 1].map((hart) =>
    played.filter(({ name }) => start.played?.[hart]?.includes(name) ?? true),
  );
  const pairs = everyRow([firsts!, seconds!]).filter((pair) => isNew(pair, start));
  const named = (names: readonly string[]) => operations.filter(({ name }) => names.includes(name));
  const threes = start.three === undefined ? [] : everyRow(start.three.map(named));
  return [...pairs, ...threes].map((row) => duelOf(row, start));
}

/** The generated duel of that name: `fork+write@shared-2`. Undefined: there is none. */
export function generatedDuel(name: string): Duel | undefined {
  return name.includes(AT) ? byName().get(name) : undefined;
}

function isPlayed({ name, takes }: Operation, { has, plays }: Start): boolean {
  if (takes !== undefined) return has.includes(takes);
  return plays?.includes(name) ?? true;
}

/** Where players meet at something, one of the operations is about that: what others come to there they come to elsewhere. */
function isNew(pair: readonly Operation[], { has }: Start): boolean {
  return has.length === 0 || pair.some(({ takes }) => takes !== undefined);
}

/** One of each, in every way. */
function everyRow(choices: readonly (readonly Operation[])[]): Operation[][] {
  return choices.reduce<Operation[][]>(
    (rows, choice) => rows.flatMap((row) => choice.map((operation) => [...row, operation])),
    [[]],
  );
}

/** @param row what is played, by hart */
function duelOf(row: readonly Operation[], start: Start): Duel {
  const { name, summary, disk, mayFail, abi, players = PLAYERS } = start;
  const harts = row.length;
  const play =
    ({ play: part }: Operation, hart: number) =>
    (user: User) =>
      part(user, players[hart === 0 ? 1 : 0]);
  const [first, ...others] = row.map((operation) => operation.summary);
  return {
    name: `${row.map((operation) => operation.name).join('+')}${AT}${name}`,
    summary: `${summary}: one ${first}, ${others.map((other) => `another ${other}`).join(', ')}`,
    harts,
    questions: [Question.AllocationFails],
    oracle: true,
    ...(disk !== undefined && { disk }),
    ...(mayFail !== undefined && { mayFail }),
    ...(abi !== undefined && { abi }),
    setup(stage) {
      start.setup(stage);
      for (const { kernel, hart } of stage.users.slice(PLAYERS.length)) kernel.start(hart);
    },
    parts: row.map(play),
  };
}
