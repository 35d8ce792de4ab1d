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
 * hart 0. Memory may run out at any time. Their check is the serial oracle, beside the observers.
 */
export function generatedDuels(): readonly Duel[] {
  return [...byName().values()];
}

/** Made when somebody asks, which most never do, and once. */
let duels: ReadonlyMap<string, Duel> | undefined;

function byName(): ReadonlyMap<string, Duel> {
  duels ??= new Map(allDuels().map((duel) => [duel.name, duel]));
  return duels;
}

function allDuels(): Duel[] {
  return starts.flatMap((start) => {
    const played = operations.filter((operation) => isPlayed(operation, start));
    return played.flatMap((first) =>
      played.filter((second) => isNew(first, second, start)).map((second) => duelOf(first, second, start)),
    );
  });
}

/** The generated duel of that name: `fork+write@shared-2`. Undefined: there is none. */
export function generatedDuel(name: string): Duel | undefined {
  return name.includes(AT) ? byName().get(name) : undefined;
}

function isPlayed({ name, takes }: Operation, { has, plays }: Start): boolean {
  if (takes !== undefined) return has.includes(takes);
  return plays?.includes(name) ?? true;
}

/** Where players meet at something, one of the two operations is about that: what others come to there they come to elsewhere. */
function isNew(first: Operation, second: Operation, { has }: Start): boolean {
  return has.length === 0 || first.takes !== undefined || second.takes !== undefined;
}

function duelOf(first: Operation, second: Operation, start: Start): Duel {
  const { name, summary, disk, mayFail, abi, players = PLAYERS, setup } = start;
  const play =
    ({ play: part }: Operation, other: number) =>
    (user: User) =>
      part(user, other);
  return {
    name: `${first.name}+${second.name}${AT}${name}`,
    summary: `${summary}: one ${first.summary}, the other ${second.summary}`,
    harts: 2,
    questions: [Question.AllocationFails],
    oracle: true,
    ...(disk !== undefined && { disk }),
    ...(mayFail !== undefined && { mayFail }),
    ...(abi !== undefined && { abi }),
    setup,
    parts: [play(first, players[1]), play(second, players[0])],
  };
}
