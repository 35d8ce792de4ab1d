import { Command, Option } from 'commander';
import { MOST_ACQUISITIONS } from '../../kernel/scenarios/contention.js';
import { contentionText } from '../app/contention-text.js';
import { LOCK_BENCH_DEFAULTS, LockBench, type LockBenchOptions } from '../app/lock-bench.js';
import { VERSION } from '../app/manifest.js';
import { orUsageError, UsageError } from '../app/usage-error.js';
import { MAX_HARTS } from '../memory/map.js';
import { pageOf } from '../report/page.js';
import { ProgressLine } from '../report/progress.js';
import { hanging } from '../report/wrap.js';
import { COST_NAMES, MAX_COST, type TimeCosts } from '../schedule/time-costs.js';
import { oneOf, wholeNumber } from './arguments.js';
import { BenchPictures, type PictureFiles } from './bench-pictures.js';
import { ExitStatus } from './exit-status.js';
import { interruptible, statusOf } from './interruption.js';

interface BenchOptions extends PictureFiles {
  readonly harts: readonly number[];
  readonly lock: readonly string[];
  readonly acquisitions: number;
  readonly inside: number;
  readonly outside: number;
  readonly seed: number;
  readonly cost: TimeCosts;
  readonly json?: boolean;
}

const TICK_MS = 500;
/** Add new benches here. */
const BENCHES = ['locks'];
const CYCLES = { min: 0, max: MAX_COST };
const COSTS = { min: 1, max: MAX_COST };
const { locks, harts, workload, costs } = LOCK_BENCH_DEFAULTS;

/** `hartbreak bench locks`: what locks do under contention, in virtual time. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('compare locks under contention by 1 to 64 harts, in virtual time')
    .argument('<bench>', BENCHES.join(', '), oneOf('bench', BENCHES))
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
    .option('-x, --seed <number>', 'of those', wholeNumber('--seed', { min: 0, max: 2 ** 31 }), workload.seed)
    .addOption(
      new Option('-c, --cost <name=cycles>', 'what something costs, instead of the default')
        .argParser(costOf)
        .default(costs, costText(costs)),
    )
    .option('--json', 'print one JSON object and nothing else')
    .option('--html <file>', 'also make a page with charts and timelines, which works offline')
    .option('--svg <file>', 'also make a picture of throughput against harts')
    .action(bench);
}

async function bench(_name: string, options: BenchOptions, command: Command): Promise<void> {
  const pictures = new BenchPictures(options);
  const { acquisitions, inside, outside, seed } = options;
  const chosen: LockBenchOptions = {
    locks: options.lock,
    harts: options.harts,
    workload: { acquisitions, inside, outside, seed },
    costs: options.cost,
  };
  const line = new ProgressLine(process.stderr);
  const begun = performance.now();
  const locksBench = new LockBench(chosen);
  const what = {
    stop: () => locksBench.stop(),
    leave: () => line.clear(),
    get isStarting() {
      return locksBench.isStarting;
    },
  };
  const seconds = () => (performance.now() - begun) / 1000;
  const showProgress = () =>
    line.show(`${locksBench.cells.length} of ${locksBench.count} runs, ${seconds().toFixed(0)} s`);
  const ticking = setInterval(showProgress, TICK_MS);
  const signal = await interruptible(what, () => orUsageError(() => locksBench.run())).finally(() => {
    clearInterval(ticking);
    line.clear();
  });
  const output = options.json === true ? jsonOf(chosen, locksBench, seconds()) : textOf(chosen, locksBench, seconds());
  await new Promise<void>((resolve) => process.stdout.write(`${output}\n`, () => resolve()));
  const { cells, count } = locksBench;
  line.show('drawing');
  const complaints = await pictures.save({ cells, count, options: chosen, command: lineOf(command) });
  line.clear();
  for (const complaint of complaints) process.stderr.write(`hartbreak: ${complaint}\n`);
  if (signal === undefined) await locksBench.close();
  // Threads are in the middle of a run, or coming up, when a proper exit could crash.
  else if (locksBench.isStarting) process.kill(process.pid, signal);
  else process.exit(statusOf(signal));
  process.exitCode = complaints.length > 0 ? ExitStatus.Failed : ExitStatus.Held;
}

/** As one would type it again. */
function lineOf(command: Command): string {
  const quoted = (word: string) => (/^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
  return ['hartbreak', ...(command.parent?.args ?? [])].map(quoted).join(' ');
}

function jsonOf({ workload: load, costs: cost }: LockBenchOptions, { cells }: LockBench, seconds: number): string {
  return JSON.stringify({
    version: VERSION,
    virtual: {
      costs: cost,
      workload: load,
      locks: cells.map(({ lock, harts: count, figures }) => ({ lock, harts: count, ...figures })),
    },
    measured: { seconds, locks: cells.map((cell) => ({ lock: cell.lock, harts: cell.harts, seconds: cell.seconds })) },
  });
}

function textOf(
  { workload: load, costs: cost }: LockBenchOptions,
  { cells, count }: LockBench,
  seconds: number,
): string {
  const { width } = pageOf(process.stdout);
  const done = cells.length === count ? `${count} runs` : `interrupted after ${cells.length} of ${count} runs`;
  const text = [
    hanging(
      'virtual time: ',
      `each of the harts takes one lock ${load.acquisitions} times on average, computes ${load.inside} cycles with it and about ${load.outside} without; seed ${load.seed}`,
      width,
    ),
    hanging('costs in cycles: ', costText(cost), width),
    `${done} in ${seconds.toFixed(1)} s of real time`,
  ].join('\n');
  return cells.length === 0 ? text : `${contentionText(cells)}\n\n${text}`;
}

function costText(cost: TimeCosts): string {
  return COST_NAMES.map((name) => `${name} ${cost[name]}`).join(', ');
}

/** `1,2,64` */
function hartCounts(text: string): number[] {
  const one = wholeNumber('--harts', { min: 1, max: MAX_HARTS });
  return [...new Set(text.split(',').map(one))];
}

/** Collects what a repeated option says; the first one drops the default. */
function repeated<T>(parse: (text: string) => T): (text: string, before: readonly T[]) => T[] {
  const found: T[] = [];
  return (text) => {
    const value = parse(text);
    if (!found.includes(value)) found.push(value);
    return found;
  };
}

/** `transfer=289` */
function costOf(text: string, before: TimeCosts): TimeCosts {
  const [name = '', cycles, ...rest] = text.split('=');
  if (cycles === undefined || rest.length > 0)
    throw new UsageError(`--cost must be a name and a number, as in transfer=289, not '${text}'`);
  oneOf('cost', COST_NAMES)(name);
  return { ...before, [name]: wholeNumber(`--cost ${name}`, COSTS)(cycles) };
}
