import { parseArgs } from 'node:util';
import type { Bug } from '../kernel/bugs/bug.js';
import { bugs } from '../kernel/bugs/bugs.js';
import type { Exploration } from '../src/app/exploration.js';
import { strategies } from '../src/schedule/strategies.js';
import { explorationOf, firstReport } from '../tests/support/find-bug.js';

/**
 * How fast each strategy finds each bug of the corpus: a table in Markdown. Exit status 1 when a harmful bug was found
 * by no strategy in some seed. `node dist/bench/corpus.js [--seeds N] [--schedules N] [--bug NAME] [--all-designs]`:
 * in the first of a bug's designs, or in all that it lists.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    schedules: { type: 'string', default: '2000' },
    bug: { type: 'string' },
    'all-designs': { type: 'boolean', default: false },
  },
});
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1);
const schedules = Number(values.schedules);

/** The first schedule in each seed, null where it was not found. */
type Found = readonly (number | null)[];

async function measure(bug: Bug, exploration: Exploration, strategy: string): Promise<Found> {
  const found: (number | null)[] = [];
  for (const seed of seeds) found.push(await firstReport(exploration, bug, strategy, seed, schedules));
  return found;
}

/** `median schedules to the first report, share of seeds` */
function cell(found: Found): string {
  const hits = found.filter((at) => at !== null).toSorted((a, b) => a - b);
  if (hits.length === 0) return '–';
  const share = hits.length === found.length ? '' : ` (${hits.length}/${found.length})`;
  return `${hits[Math.floor(hits.length / 2)]! + 1}${share}`;
}

const heads = ['bug', 'design', 'scenario', 'shown by', ...strategies.map(({ name }) => name)];
const lines = [heads, heads.map(() => '---')];
const print = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
lines.forEach(print);
const missed: string[] = [];

async function row(bug: Bug, design: string): Promise<void> {
  if (bug.expected.length === 0) {
    print([bug.name, design, bug.scenario, 'statistics', ...strategies.map(() => '–')]);
    return;
  }
  const exploration = explorationOf(bug, design);
  const columns: Found[] = [];
  for (const { name } of strategies) columns.push(await measure(bug, exploration, name));
  await exploration.close();
  print([bug.name, design, bug.scenario, bug.expected.join(', '), ...columns.map(cell)]);
  const inEverySeed = columns.some((found) => found.every((at) => at !== null));
  if (bug.harmful && !inEverySeed) missed.push(`${bug.name} in ${design}`);
}

for (const bug of bugs) {
  if (values.bug !== undefined && bug.name !== values.bug) continue;
  for (const design of values['all-designs'] ? bug.designs : bug.designs.slice(0, 1)) await row(bug, design);
}
process.stdout.write(
  `\nMedian schedules to the first report over ${seeds.length} seeds, at most ${schedules} each; in brackets the seeds in which it was found, where not all.\n`,
);
if (missed.length > 0) {
  process.stderr.write(`not found in every seed by any one strategy: ${missed.join(', ')}\n`);
  process.exitCode = 1;
}
