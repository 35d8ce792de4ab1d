import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BENCH_DEFAULTS } from '../src/app/bench/bench-run.js';
import { CHECK_DEFAULTS } from '../src/app/check.js';
import { endMachines } from '../src/app/explore-threads.js';
import { markdownTable } from '../tests/support/markdown-table.js';
import { contention } from './contention.js';
import { corpus } from './corpus.js';
import { engineSpeed } from './engine.js';
import { engineExits } from './engine-exits.js';
import { exhaustive } from './exhaustive.js';
import { explorationSpeed } from './exploration-speed.js';
import { COMBINATIONS, hartScaling } from './hart-scaling.js';
import { hookCost } from './hook-cost.js';
import { commit, host, load } from './host.js';
import { lockOperation } from './lock-operation.js';
import { lockstatCost } from './lockstat-cost.js';
import { stressScaling } from './stress-scaling.js';
import { stressTextSpeed } from './stress-text-speed.js';
import type { Table } from './table.js';

/**
 * Measures every table that the pages cite, and writes them: `node dist/bench/results.js [--quick] [--out FILE]`.
 * Run it on a host that has nothing else to do. `--quick` is for trying the command out: its figures say nothing, so it
 * prints them, and leaves those that are kept alone.
 */
const RESULTS = fileURLToPath(new URL('../../bench/RESULTS.md', import.meta.url));
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, out: { type: 'string' } },
});

interface Sizes {
  readonly seeds: number;
  readonly schedules: number;
  readonly searchSeconds: number;
  readonly runs: number;
  readonly stressSeconds: number;
  readonly harts: readonly number[];
}
const LONG: Sizes = {
  seeds: 10,
  schedules: 2000,
  searchSeconds: 20,
  runs: 5,
  stressSeconds: 10,
  harts: BENCH_DEFAULTS.harts,
};
const QUICK: Sizes = { seeds: 2, schedules: 20, searchSeconds: 0.1, runs: 2, stressSeconds: 1, harts: [1, 2] };
const { seeds, schedules, searchSeconds, runs, stressSeconds, harts } = values.quick ? QUICK : LONG;
/** Of two harts against two machines, whose ratio is what counts. */
const ROUNDS = 7;
/** One whose counts a lock guards and one whose counts are atomic: all six would take hours. */
const SEARCHED = ['page-map-lock', 'core-map'];

/** Add new tables here. */
const tables: readonly Table[] = [
  corpus({ seeds, schedules }),
  explorationSpeed(runs),
  exhaustive({ bound: CHECK_DEFAULTS.bound, seconds: searchSeconds, designs: SEARCHED }),
  engineSpeed(runs),
  stressTextSpeed(runs),
  engineExits(runs),
  hookCost(runs),
  stressScaling({ rounds: runs, seconds: stressSeconds }),
  ...contention({ harts, repetitions: runs }),
  hartScaling({ rounds: values.quick ? runs : ROUNDS, seconds: stressSeconds / 2, kernels: COMBINATIONS }),
  lockstatCost({ rounds: runs, seconds: stressSeconds }),
  lockOperation(),
];

async function section(table: Table): Promise<string> {
  const { title, note, command, heads } = table;
  const started = performance.now();
  const rows: (readonly string[])[] = [];
  for await (const row of table.rows) rows.push(row);
  const seconds = (performance.now() - started) / 1000;
  process.stderr.write(`${title}: ${seconds.toFixed(0)} s\n`);
  return `## ${title}\n\n${markdownTable(heads, rows)}\n\n${note}\n\nBy itself: \`${command}\`\n`;
}

const started = performance.now();
const facts = [
  ['commit', commit()],
  ['date', new Date().toISOString().slice(0, 10)],
  ['Node', process.version],
  ['host', host()],
  ['load before', load()],
];
const sections: string[] = [];
for (const table of tables) sections.push(await section(table));
await endMachines();
facts.push(['load after', load()], ['took', `${((performance.now() - started) / 60_000).toFixed(0)} min`]);

const quick = values.quick ? '\n**In the quick form: for trying the command out; the figures say nothing.**\n' : '';
const head = `# What was measured

Written by \`npm run build && node dist/bench/results.js\`; not by hand. In brackets: the least and the most of the
repetitions.
${quick}
${markdownTable(['', ''], facts)}
`;
const page = [head, ...sections].join('\n');
const out = values.out ?? (values.quick ? undefined : RESULTS);
if (out === undefined) process.stdout.write(page);
else writeFileSync(out, page);
