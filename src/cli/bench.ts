import { Argument, Command, Option } from 'commander';
import { MOST_ACQUISITIONS } from '../../kernel/scenarios/contention.js';
import { MOST_PAGES } from '../../kernel/scenarios/kernel-work.js';
import { BENCH_DEFAULTS, BENCHES, type BenchOptions, BenchRun } from '../app/bench/bench-run.js';
import { benchText, costText } from '../app/bench/bench-text.js';
import { compared, comparisonText, readBenchFile } from '../app/bench/compare.js';
import { orUsageError, UsageError } from '../app/usage-error.js';
import { MAX_HARTS } from '../memory/map.js';
import { pageOf } from '../report/page.js';
import { ProgressLine } from '../report/progress.js';
import { COST_NAMES, MAX_COST, type TimeCosts } from '../schedule/time-costs.js';
import { collecting, oneOf, wholeNumber } from './arguments.js';
import { BenchPictures, type PictureFiles } from './bench-pictures.js';
import { ExitStatus } from './exit-status.js';
import { interruptible, statusOf } from './interruption.js';

interface CommandOptions extends PictureFiles {
  readonly harts: readonly number[];
  readonly lock: readonly string[];
  readonly acquisitions: number;
  readonly inside: number;
  readonly outside: number;
  readonly rounds: number;
  readonly pages: number;
  readonly repetitions: number;
  readonly seed: number;
  readonly cost: TimeCosts;
  readonly compare?: string;
  readonly json?: boolean;
}

const TICK_MS = 500;
const CYCLES = { min: 0, max: MAX_COST };
const COSTS = { min: 1, max: MAX_COST };
const { locks, harts, workload, rounds, pages, repetitions, costs } = BENCH_DEFAULTS;

/** `hartbreak bench`: what locks and kernels do under contention, in virtual time, and what this host does. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('compare locks and kernels by 1 to 64 harts in virtual time, and measure what this host does')
    .addArgument(
      new Argument('[bench...]', `${BENCHES.join(', ')}; all of them when none is named`).argParser(
        repeated(oneOf('bench', BENCHES)),
      ),
    )
    .addOption(
      new Option('-n, --harts <numbers>', 'how many harts, one after the other')
        .argParser(hartCounts)
        .default(harts, harts.join(',')),
    )
    .addOption(
      new Option('-l, --lock <name>', 'only this lock, or these')
        .argParser(repeated(oneOf('lock', locks)))
        .default(locks, locks.join(', ')),
    )
    .option(
      '-a, --acquisitions <number>',
      'that are measured, by as many as there are harts',
      wholeNumber('--acquisitions', { min: 1, max: MOST_ACQUISITIONS }),
      workload.acquisitions,
    )
    .option('--inside <cycles>', 'that a holder computes', wholeNumber('--inside', CYCLES), workload.inside)
    .option(
      '--outside <cycles>',
      'between two acquisitions, on average',
      wholeNumber('--outside', CYCLES),
      workload.outside,
    )
    .option(
      '-r, --rounds <number>',
      'of kernel work that are measured, by as many as there are harts',
      wholeNumber('--rounds', { min: 1, max: 1000 }),
      rounds,
    )
    .option(
      '--pages <number>',
      'of the heap of each process that works',
      wholeNumber('--pages', { min: 1, max: MOST_PAGES }),
      pages,
    )
    .option(
      '--repetitions <number>',
      'of what a real clock measures; 0: nothing is measured',
      wholeNumber('--repetitions', { min: 0, max: 1000 }),
      repetitions,
    )
    .option('-x, --seed <number>', 'of those', wholeNumber('--seed', { min: 0, max: 2 ** 31 }), workload.seed)
    .addOption(
      new Option('-c, --cost <name=cycles>', 'what something costs, instead of the default')
        .argParser(collecting(costOf))
        .default(costs, costText(costs)),
    )
    .option('--compare <file>', 'say what has changed since bench --json printed that file')
    .option('--json', 'print one JSON object and nothing else')
    .option('--html <file>', 'also make a page with charts and timelines, which works offline')
    .option('--svg <file>', 'also make a picture of the throughput of locks')
    .action(bench);
}

async function bench(names: readonly string[] | undefined, options: CommandOptions, command: Command): Promise<void> {
  const benches = names === undefined || names.length === 0 ? BENCHES : names;
  if (options.svg !== undefined && !benches.includes('locks'))
    throw new UsageError(`--svg makes a picture of locks, and ${benches.join(', ')} has none: bench locks too`);
  const pictures = new BenchPictures(options);
  const { acquisitions, inside, outside, rounds, pages, repetitions, seed } = options;
  const chosen: BenchOptions = {
    benches,
    locks: options.lock,
    harts: options.harts,
    workload: { acquisitions, inside, outside, seed },
    rounds,
    pages,
    repetitions,
    costs: options.cost,
  };
  // Before anything runs: a file that cannot be read is found out at once.
  const earlier = options.compare === undefined ? undefined : readBenchFile(options.compare);
  const line = new ProgressLine(process.stderr);
  const run = new BenchRun(chosen);
  const what = {
    stop: () => run.stop(),
    leave: () => line.clear(),
    get isStarting() {
      return run.isStarting;
    },
  };
  const ticking = setInterval(() => line.show(run.progress), TICK_MS);
  const signal = await interruptible(what, () => orUsageError(() => run.run())).finally(() => {
    clearInterval(ticking);
    line.clear();
  });
  const { result } = run;
  const comparison = earlier === undefined ? undefined : compared(earlier, result);
  const output =
    options.json === true
      ? JSON.stringify(comparison === undefined ? result : { ...result, comparison })
      : [
          benchText(result, pageOf(process.stdout).width),
          ...(comparison === undefined ? [] : ['', comparisonText(comparison, options.compare!)]),
        ].join('\n');
  await new Promise<void>((resolve) => process.stdout.write(`${output}\n`, () => resolve()));
  if (pictures.areAskedFor) line.show('drawing');
  const complaints = await pictures.save(result, lineOf(command));
  line.clear();
  for (const complaint of complaints) process.stderr.write(`hartbreak: ${complaint}\n`);
  // Threads are in the middle of a run, or coming up, when a proper exit could crash.
  if (signal !== undefined && run.isStarting) process.kill(process.pid, signal);
  else if (signal !== undefined) process.exit(statusOf(signal));
  process.exitCode = complaints.length > 0 ? ExitStatus.Failed : ExitStatus.Held;
}

/** As one would type it again. */
function lineOf(command: Command): string {
  const quoted = (word: string) => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  return ['hartbreak', ...(command.parent?.args ?? [])].map(quoted).join(' ');
}

/** `1,2,64` */
function hartCounts(text: string): number[] {
  const one = wholeNumber('--harts', { min: 1, max: MAX_HARTS });
  return [...new Set(text.split(',').map(one))];
}

/** Collects what a repeated option says; the first one drops the default. */
function repeated<T>(parse: (text: string) => T): (text: string, before: readonly T[]) => readonly T[] {
  const found: T[] = [];
  return collecting<readonly T[]>((text) => {
    const value = parse(text);
    if (!found.includes(value)) found.push(value);
    return found;
  });
}

/** `transfer=289` */
function costOf(text: string, before: TimeCosts): TimeCosts {
  const [name = '', cycles, ...rest] = text.split('=');
  if (cycles === undefined || rest.length > 0)
    throw new UsageError(`--cost must be a name and a number, as in transfer=289, not '${text}'`);
  oneOf('cost', COST_NAMES)(name);
  return { ...before, [name]: wholeNumber(`--cost ${name}`, COSTS)(cycles) };
}
