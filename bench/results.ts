import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { BENCH_DEFAULTS } from '../src/app/bench/bench-run.js';
import { CHECK_DEFAULTS } from '../src/app/check.js';
import { endMachines } from '../src/app/explore-threads.js';
import { markdownTable } from '../tests/support/markdown-table.js';
import { pageOfSections, sectionsOf } from '../tests/support/sections.js';
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
 * Measures the tables that the pages cite, and writes them: `node dist/bench/results.js [NAME…] [--quick] [--out FILE]`.
 * Without a name: all of them; with names: those, and what the page has of the others stays. Each says when and where it
 * was measured. Run it on a host that has nothing else to do. `--quick` is for trying the command out: its figures say
 * nothing, so it prints them, and leaves those that are kept alone.
 */
const RESULTS = fileURLToPath(new URL('../../bench/RESULTS.md', import.meta.url));
const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, out: { type: 'string' } },
  allowPositionals: true,
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
  searchSeconds: 5,
  runs: 5,
  stressSeconds: 6,
  harts: BENCH_DEFAULTS.harts,
};
const QUICK: Sizes = { seeds: 2, schedules: 20, searchSeconds: 0.1, runs: 2, stressSeconds: 1, harts: [1, 2] };
const { seeds, schedules, searchSeconds, runs, stressSeconds, harts } = values.quick ? QUICK : LONG;
const WORK_HARTS = [1, 4, 16];
/** Of two harts against two machines, whose ratio is what counts. */
const ROUNDS = values.quick ? 1 : 7;
/** Of lockstat on and off, where a ratio near 1 is to be told from 1: many and short. */
const PAIRS = values.quick ? { rounds: 1, seconds: 0.5 } : { rounds: 15, seconds: 2 };
/** One whose counts a lock guards and one whose counts are atomic: all six would take hours. */
const SEARCHED = ['page-map-lock', 'core-map'];

/** Add new tables here: what is measured together has one name. */
const groups: Readonly<Record<string, readonly Table[]>> = {
  corpus: [corpus({ seeds, schedules })],
  exploration: [explorationSpeed(runs)],
  exhaustive: [exhaustive({ bound: CHECK_DEFAULTS.bound, seconds: searchSeconds, designs: SEARCHED })],
  engine: [engineSpeed(runs), stressTextSpeed(runs), engineExits(runs)],
  hooks: [hookCost(runs)],
  stress: [stressScaling({ rounds: runs, seconds: stressSeconds })],
  contention: contention({ harts, workHarts: values.quick ? harts : WORK_HARTS, repetitions: runs }),
  harts: [hartScaling({ rounds: ROUNDS, seconds: stressSeconds / 2, kernels: COMBINATIONS })],
  lockstat: [lockstatCost(PAIRS), lockOperation()],
};

/** Under its heading: the table, how to read it, and when and where it was measured. */
async function section(table: Table): Promise<string> {
  const { title, note, command, heads } = table;
  const facts = [`commit ${commit()}`, new Date().toISOString().slice(0, 10), `Node ${process.version}`, host()];
  const before = load();
  const started = performance.now();
  const rows: (readonly string[])[] = [];
  for await (const row of table.rows) rows.push(row);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stderr.write(`${title}: ${seconds} s\n`);
  const when = [...facts, `load ${before} before and ${load()} after`, `took ${seconds} s`].join(', ');
  const quick = values.quick ? '\n\n**In the quick form: for trying the command out; the figures say nothing.**' : '';
  return `${markdownTable(heads, rows)}\n\n${note}\n\nBy itself: \`${command}\`. Measured: ${when}.${quick}`;
}

const HEAD = `# What was measured

Written by \`npm run build && node dist/bench/results.js\`, table by table or all of them; not by hand. In brackets: the
least and the most of the repetitions.`;

const unknown = positionals.filter((name) => groups[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(`no table is called ${unknown.join(', ')}; there are ${Object.keys(groups).join(', ')}\n`);
  process.exit(2);
}
const chosen = positionals.length === 0 ? Object.keys(groups) : positionals;
const out = values.out ?? (values.quick ? undefined : RESULTS);
const titles = Object.values(groups).flatMap((tables) => tables.map(({ title }) => title));
// Written after each table: what was measured is not lost when the next one is interrupted.
const written = () => (out !== undefined && existsSync(out) ? sectionsOf(readFileSync(out, 'utf8')) : new Map());
const measured = new Map<string, string>();
for (const name of chosen)
  for (const table of groups[name]!) {
    measured.set(table.title, await section(table));
    const page = pageOfSections(HEAD, titles, new Map([...written(), ...measured]));
    if (out !== undefined) writeFileSync(out, page);
  }
await endMachines();
if (out === undefined) process.stdout.write(pageOfSections(HEAD, titles, measured));
