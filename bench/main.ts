import { textTable } from '../src/report/table.js';
import { engineSpeed } from './engine.js';
import { engineExits } from './engine-exits.js';
import { explorationSpeed } from './exploration-speed.js';
import { hookCost } from './hook-cost.js';
import { stressTextSpeed } from './stress-text-speed.js';

const RUNS = 3;

/** What takes a minute to answer; `results.ts` has the rest too. */
const questions = [engineSpeed, stressTextSpeed, engineExits, explorationSpeed, hookCost];

for (const question of questions) {
  const { title, heads, note, rows } = question(RUNS);
  const measured: (readonly string[])[] = [];
  for await (const row of rows) measured.push(row);
  process.stdout.write(`${title}\n${textTable(heads, measured)}\n${note}\n\n`);
}
