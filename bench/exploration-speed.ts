import { check } from '../src/app/check.js';
import { observerNames } from '../src/races/observers.js';
import { median, spread } from '../src/report/spread.js';
import type { Table } from './table.js';

const SCHEDULES = 4000;

/** How many schedules of the smallest scenario run in a second, and what do its observers cost? */
export function explorationSpeed(rounds: number): Table {
  return {
    title: 'Speed of exploration',
    note:
      `Schedules per second of \`fault-fault\` (two harts, \`pct\`): median (least–most) of ${rounds} rounds of ${SCHEDULES} ` +
      'schedules, the ways in turn, so that a busy moment of the host hits all alike. The ratio is of the medians.',
    command: 'npm run bench',
    heads: ['fault-fault, 2 harts, pct', 'schedules/s', 'ratio'],
    rows: rows(rounds),
  };
}

async function* rows(rounds: number): AsyncGenerator<readonly string[]> {
  const ways = [
    { name: 'one machine, all observers', machines: 1, observers: observerNames() },
    { name: 'two machines, all observers', machines: 2, observers: observerNames() },
    { name: 'one machine, ledger only', machines: 1, observers: [] },
  ];
  const speeds: number[][] = ways.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, { machines, observers }] of ways.entries()) {
      const result = await check('fault-fault', { schedules: SCHEDULES, strategy: 'pct', machines, observers });
      if (!result.ok) throw new Error('the sound kernel failed: a speed is not worth telling');
      speeds[i]!.push(result.schedulesPerSecond);
    }
  for (const [i, { name }] of ways.entries())
    yield [name, spread(speeds[i]!), (median(speeds[i]!) / median(speeds[0]!)).toFixed(2)];
}
