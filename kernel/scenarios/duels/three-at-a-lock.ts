import type { Verdict } from '../../books/verdict.js';
import { system } from '../../layout.js';
import type { Duel } from '../scenario.js';
import type { Stage } from '../stage.js';
import type { User } from '../user.js';

const HARTS = 3;
const TURNS = 2;
const { nextpid } = system.fields;

/** Pids so far: the three processes of the beginning have theirs. */
function pidsGivenOut({ memory, layout }: Stage): number {
  return nextpid.load(memory.ram, layout.system) - 1;
}

/** Takes pidLock, counts, lets go, and comes back: whoever waited meanwhile must have got the lock. */
function takePids(user: User): void {
  for (let turn = 0; turn < TURNS; turn++) user.kernel.parts.table.allocpid();
}

export const threeAtALock: Duel = {
  name: 'three-at-a-lock',
  summary: 'three harts want one lock, twice each: it is handed from waiter to waiter',
  harts: HARTS,
  setup: (stage) => stage.bootFamily(),
  parts: Array.from({ length: HARTS }, () => takePids),
  outcome(stage): readonly Verdict[] {
    const taken = pidsGivenOut(stage) - HARTS;
    if (taken === HARTS * TURNS) return [];
    const summary = `${HARTS} harts took ${TURNS} pids each, and nextpid went on by ${taken}`;
    return [{ place: 'a pid is given out twice', summary }];
  },
};
