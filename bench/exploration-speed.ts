import { check } from '../src/app/check.js';
import { observerNames } from '../src/races/observers.js';
import { textTable } from '../src/report/table.js';

const SCHEDULES = 4000;
/** Whole rounds, in turn, so that a busy moment of the host hits all alike. */
const ROUNDS = 3;

/** How many schedules of the smallest scenario run in a second, and what do its observers cost? */
export async function explorationSpeed(): Promise<string> {
  const ways = [
    { name: 'one machine, all observers', machines: 1, observers: observerNames() },
    { name: 'two machines, all observers', machines: 2, observers: observerNames() },
    { name: 'one machine, ledger only', machines: 1, observers: [] },
  ];
  const best = ways.map(() => 0);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, { machines, observers }] of ways.entries()) {
      const result = await check('fault-fault', { schedules: SCHEDULES, strategy: 'pct', machines, observers });
      if (!result.ok) throw new Error('the sound kernel failed: a speed is not worth telling');
      best[i] = Math.max(best[i]!, result.schedulesPerSecond);
    }
  const rows = ways.map(({ name }, i) => [name, best[i]!.toFixed(0), (best[i]! / best[0]!).toFixed(2)]);
  return textTable(['fault-fault, 2 harts, pct', 'schedules/s', 'ratio'], rows);
}
