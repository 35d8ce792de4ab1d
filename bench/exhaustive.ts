import { parseArgs } from 'node:util';
import { designs } from '../kernel/page-sharing/designs.js';
import { scenarios } from '../kernel/scenarios/scenarios.js';
import { CHECK_DEFAULTS, check, EXHAUSTIVE } from '../src/app/check.js';
import { isCommand } from './is-command.js';
import { printMarkdown, type Table } from './table.js';

export interface ExhaustiveOptions {
  readonly bound: number;
  /** For each scenario in each design. */
  readonly seconds: number;
  /** Only these; all when not given. */
  readonly scenarios?: readonly string[] | undefined;
  readonly designs?: readonly string[] | undefined;
}

/** As many as the time allows. */
const SCHEDULES = 1_000_000_000;
const MOST_HARTS = 2;

/**
 * In which scenarios of two harts can every schedule of a sound kernel with at most so many preemptions be run? A failure
 * is a mistake in the kernel or a false alarm, and the process's exit status becomes 1.
 */
export function exhaustive(options: ExhaustiveOptions): Table {
  const { bound, seconds } = options;
  const chosen = designs.map(({ name }) => name).filter((name) => options.designs?.includes(name) ?? true);
  return {
    title: 'How far an exhaustive search comes',
    note:
      `Schedules of a sound kernel with at most ${bound} preemptions, of which one is run of those that differ only in the ` +
      'order of accesses that do not depend on one another; a timer fires, or an `sc` fails, in none. `all N`: all were ' +
      `run, and none failed. Otherwise: how many were run in ${seconds} s, and how many were known to be left.`,
    command: 'node dist/bench/exhaustive.js',
    heads: ['scenario', ...chosen],
    rows: rows(options, chosen),
  };
}

async function* rows(options: ExhaustiveOptions, chosen: readonly string[]): AsyncGenerator<readonly string[]> {
  for (const { name: scenario, harts } of scenarios) {
    if (harts > MOST_HARTS || options.scenarios?.includes(scenario) === false) continue;
    const cells: string[] = [];
    for (const design of chosen) cells.push(await cell(scenario, design, options));
    yield [scenario, ...cells];
  }
}

async function cell(scenario: string, design: string, { bound, seconds }: ExhaustiveOptions): Promise<string> {
  const { coverage, schedules, failures } = await check(scenario, {
    ...{ design, strategy: EXHAUSTIVE, bound, seconds, schedules: SCHEDULES, explain: 0 },
  });
  const [failure] = failures;
  if (failure !== undefined) {
    process.exitCode = 1;
    return `FAILED: ${failure.summary}`;
  }
  if (coverage === null) throw new Error('an exhaustive search says what it covered');
  return coverage.complete ? `all ${schedules}` : `${schedules}, ${coverage.queued} queued`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      bound: { type: 'string', default: String(CHECK_DEFAULTS.bound) },
      seconds: { type: 'string', default: '60' },
      scenario: { type: 'string', multiple: true },
      design: { type: 'string', multiple: true },
    },
  });
  const { bound, seconds, scenario, design } = values;
  const table = exhaustive({ bound: Number(bound), seconds: Number(seconds), scenarios: scenario, designs: design });
  await printMarkdown(table);
}

/** `node dist/bench/exhaustive.js [--bound N] [--seconds S] [--scenario NAME]… [--design NAME]…` */
if (isCommand(import.meta.url)) await main();
