import { parseArgs } from 'node:util';
import type { Bug } from '../kernel/bugs/bug.js';
import { bugs } from '../kernel/bugs/bugs.js';
import type { Exploration } from '../src/app/exploration.js';
import { spread } from '../src/report/spread.js';
import { strategies } from '../src/schedule/strategies.js';
import { explorationOf, firstReport } from '../tests/support/find-bug.js';
import { isCommand } from './is-command.js';
import { printMarkdown, type Table } from './table.js';

export interface CorpusOptions {
  readonly seeds: number;
  /** At most, in each seed. */
  readonly schedules: number;
  /** Only this one. */
  readonly bug?: string | undefined;
  /** In all designs that a bug lists, and not only in the first. */
  readonly allDesigns?: boolean;
  /** Told of each harmful bug that no strategy found in every seed. */
  readonly missed?: (bug: string, design: string) => void;
}

/** How fast does each strategy find each bug of the corpus? */
export function corpus(options: CorpusOptions): Table {
  const { seeds, schedules } = options;
  return {
    title: 'How soon each known mistake is found',
    note:
      `Schedules to the first report of an expected kind: median (least–most) over ${seeds} seeds of at most ` +
      `${schedules} schedules each. Where a mistake was not found in every seed: in how many it was. A mistake that only ` +
      'statistics tell has no figures.',
    command: 'node dist/bench/corpus.js',
    heads: ['bug', 'design', 'scenario', 'shown by', ...strategies.map(({ name }) => name)],
    rows: rows(options),
  };
}

async function* rows(options: CorpusOptions): AsyncGenerator<readonly string[]> {
  for (const bug of bugs) {
    if (options.bug !== undefined && bug.name !== options.bug) continue;
    for (const design of options.allDesigns === true ? bug.designs : bug.designs.slice(0, 1))
      yield await row(bug, design, options);
  }
}

async function row(bug: Bug, design: string, options: CorpusOptions): Promise<readonly string[]> {
  const { name, scenario, expected, harmful } = bug;
  if (expected.length === 0) return [name, design, scenario, 'statistics', ...strategies.map(() => '–')];
  const exploration = explorationOf(bug, design);
  const columns: Found[] = [];
  for (const strategy of strategies) columns.push(await measure(bug, exploration, strategy.name, options));
  await exploration.close();
  const inEverySeed = columns.some((found) => found.every((at) => at !== null));
  if (harmful && !inEverySeed) options.missed?.(name, design);
  return [name, design, scenario, expected.join(', '), ...columns.map(cell)];
}

/** The first schedule in each seed, null where it was not found. */
type Found = readonly (number | null)[];

async function measure(
  bug: Bug,
  exploration: Exploration,
  strategy: string,
  { seeds, schedules }: CorpusOptions,
): Promise<Found> {
  const found: (number | null)[] = [];
  for (let seed = 1; seed <= seeds; seed++) found.push(await firstReport(exploration, bug, strategy, seed, schedules));
  return found;
}

function cell(found: Found): string {
  const hits = found.filter((at) => at !== null).map((at) => at + 1);
  if (hits.length === 0) return '–';
  return `${spread(hits)}${hits.length === found.length ? '' : `, ${hits.length}/${found.length} seeds`}`;
}

/** Exit status 1 when a harmful bug was found by no strategy in some seed. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10' },
      schedules: { type: 'string', default: '2000' },
      bug: { type: 'string' },
      'all-designs': { type: 'boolean', default: false },
    },
  });
  const missed: string[] = [];
  const table = corpus({
    seeds: Number(values.seeds),
    schedules: Number(values.schedules),
    bug: values.bug,
    allDesigns: values['all-designs'],
    missed: (bug, design) => missed.push(`${bug} in ${design}`),
  });
  await printMarkdown(table);
  if (missed.length === 0) return;
  process.stderr.write(`not found in every seed by any one strategy: ${missed.join(', ')}\n`);
  process.exitCode = 1;
}

/** `node dist/bench/corpus.js [--seeds N] [--schedules N] [--bug NAME] [--all-designs]` */
if (isCommand(import.meta.url)) await main();
