import { Command, Option } from 'commander';
import { bugNamed } from '../../kernel/config.js';
import { DEFAULT_FREE_LIST } from '../../kernel/memory/free-lists.js';
import { HOSTED_DEFAULTS } from '../../kernel/scenarios/hosted-config.js';
import { scenarios } from '../../kernel/scenarios/scenarios.js';
import {
  CHECK_DEFAULTS,
  type CheckOptions,
  type CheckProgress,
  type CheckResult,
  check,
  EXHAUSTIVE,
} from '../app/check.js';
import { checkKernel, type KernelResult } from '../app/check-kernel.js';
import { NUMBER_LIMITS } from '../app/check-options.js';
import { failureFileOf } from '../app/failure-file.js';
import { FailureFolder } from '../app/failure-folder.js';
import { VERSION } from '../app/manifest.js';
import { orUsageError, UsageError } from '../app/usage-error.js';
import { MEMORY_LIMITS } from '../memory/map.js';
import { pageOf } from '../report/page.js';
import { ProgressLine } from '../report/progress.js';
import { figure } from '../report/table.js';
import { strategies } from '../schedule/strategies.js';
import { oneOf, seconds, wholeNumber } from './arguments.js';
import { ExitStatus } from './exit-status.js';
import { exploreSummary, exploreText } from './explore-text.js';
import { interruptible, statusOf } from './interruption.js';
import { names, withKernelOptions } from './kernel-options.js';
import { chosenProfile, type ProfileOptions, withProfileOptions } from './profile-options.js';
import { type VirtioName, virtioOption, virtioVersions } from './virtio-option.js';

interface ExploreOptions extends CheckOptions, ProfileOptions {
  readonly scenario?: string;
  readonly kernel?: string;
  readonly disk?: string;
  readonly exec?: string;
  readonly virtio: VirtioName;
  readonly out: string;
  readonly json?: boolean;
}

const strategyNames = [...names(strategies), EXHAUSTIVE];

/** `hartbreak explore`: many schedules of a scenario under control, and every failure explained. */
export function exploreCommand(): Command {
  const scenario = scenarios[0]!.name;
  const freelist = `${DEFAULT_FREE_LIST.name}, or the one that the bug is in`;
  return withProfileOptions(withKernelOptions(new Command('explore'), freelist))
    .description('run many schedules of a scenario, and explain, shrink and save what fails')
    .addOption(
      new Option('-S, --scenario <name>', 'see `hartbreak scenarios`')
        .argParser(oneScenario)
        .default(undefined, `${scenario}, or the bug's own`),
    )
    .addOption(
      new Option('-t, --strategy <name>', strategyNames.join(', '))
        .argParser(oneOf('strategy', strategyNames))
        .default(CHECK_DEFAULTS.strategy),
    )
    .option('--kernel <file>', 'explore a kernel image, as `hartbreak boot` takes it, instead of a scenario')
    .option('--disk <file>', 'with --kernel: an image of its disk, which stays as it is')
    .addOption(virtioOption())
    .option('--exec <line>', 'with --kernel: the line that is typed at its prompt, and runs under control')
    .option(
      '-n, --harts <number>',
      'of a scenario that runs a program, or of a kernel image',
      wholeNumber('--harts', NUMBER_LIMITS.harts),
    )
    .option('-N, --schedules <number>', 'at most this many', wholeNumber('--schedules', NUMBER_LIMITS.schedules))
    .option('-s, --seconds <number>', 'at most this long', seconds('--seconds'))
    .option('-x, --seed <number>', 'of the random strategies', wholeNumber('--seed', NUMBER_LIMITS.seed), 1)
    .option('--bound <number>', 'preemptions, for exhaustive', wholeNumber('--bound', NUMBER_LIMITS.bound), 2)
    .addOption(
      new Option('-m, --memory <MiB>', 'RAM of the machine')
        .argParser(wholeNumber('--memory', NUMBER_LIMITS.memory))
        .default(undefined, `${HOSTED_DEFAULTS.memory}, of a kernel image ${MEMORY_LIMITS.default}`),
    )
    .option('--machines <number>', 'machines side by side', wholeNumber('--machines', NUMBER_LIMITS.machines))
    .option('--oracle', 'compare every run with the serial orders of its operations')
    .option('--classes', 'count classes of equivalent runs')
    .option('--stop-at-harm', 'stop soon after the first failure that does harm')
    .option('-o, --out <folder>', 'where failures are saved', 'hartbreak-failures')
    .option('--json', 'print one JSON object and nothing else')
    .action(explore);
}

/** Whether there is one of that name is found out with the kernel. */
function oneScenario(text: string): string {
  if (text === 'all' || text.includes(','))
    throw new UsageError('explore takes one scenario; `hartbreak campaign` runs all of them');
  return text;
}

async function explore({ out, json, ...options }: ExploreOptions, command: Command): Promise<void> {
  const run = exploring(options, command);
  const line = new ProgressLine(process.stderr);
  // Before the work and not after it, when the report would be lost.
  const folder = new FailureFolder(out);
  const stop = new AbortController();
  let isStarting = true;
  const what = {
    stop: () => stop.abort(),
    leave: () => line.clear(),
    get isStarting() {
      return isStarting;
    },
  };
  const exploration = () =>
    run({
      signal: stop.signal,
      found: (failure, from) => void folder.save(failureFileOf(from, failure, VERSION)),
      progress: (soFar) => {
        isStarting = false;
        line.show(progressText(soFar, options));
      },
    });
  let result: CheckResult | KernelResult | undefined;
  const signal = await interruptible(what, async () => {
    result = await orUsageError(exploration);
  }).finally(() => line.clear());
  const { failures, ok } = result!;
  folder.keepOnly(failures.map(({ signature }) => signature));
  const saved = failures.map((failure) => ({ failure, file: folder.save(failureFileOf(result!, failure, VERSION)) }));
  const page = pageOf(process.stdout);
  process.stdout.write(
    json === true ? `${JSON.stringify(exploreSummary(result!, saved))}\n` : exploreText(result!, saved, page),
  );
  if (folder.complaint !== undefined) process.stderr.write(`hartbreak: ${folder.complaint}\n`);
  if (signal !== undefined && failures.length === 0) process.exitCode = statusOf(signal);
  else process.exitCode = ok ? ExitStatus.Held : ExitStatus.Failed;
}

type Watched = Required<Pick<CheckOptions, 'signal' | 'progress' | 'found'>>;

/** What the options ask for: a scenario of the hosted kernel, or a kernel image. Throws UsageError for a mixture. */
function exploring(
  { scenario, kernel, disk, exec, virtio, profile, role, ...options }: Omit<ExploreOptions, 'out' | 'json'>,
  command: Command,
): (watched: Watched) => Promise<CheckResult | KernelResult> {
  const refuse = (names: readonly string[], why: string) => {
    for (const name of names)
      if (command.getOptionValueSource(name) === 'cli') throw new UsageError(`--${name} ${why}`);
  };
  const asLongAsSaid =
    options.schedules === undefined && options.seconds !== undefined ? { schedules: NUMBER_LIMITS.schedules.max } : {};
  if (kernel === undefined) {
    refuse(
      ['disk', 'exec', 'virtio', 'profile', 'role'],
      'is for a kernel image; give one with --kernel, or leave it out',
    );
    const { bug } = options;
    const chosen = scenario ?? (bug === undefined || bug === null ? scenarios[0]!.name : bugNamed(bug).scenario);
    return (watched) => check(chosen, { ...options, ...asLongAsSaid, ...watched });
  }
  refuse(OF_THE_HOSTED, 'is for the hosted kernel; leave out that or --kernel');
  if (exec === undefined && scenario === undefined)
    throw new UsageError(
      '--kernel wants --scenario, see `hartbreak scenarios --kernel`, or --exec: the line that is typed at its prompt',
    );
  const { design, form, bug, lock, refs, freelist, oracle, harts, memory, ...rest } = options;
  const choice = { kernel, disk, exec, scenario, virtio: virtioVersions[virtio], harts, memory };
  const means = { profile: chosenProfile({ ...(profile !== undefined && { profile }), role }), missing };
  return (watched) => checkKernel({ ...choice, ...means }, { ...rest, ...asLongAsSaid, ...watched });
}

function missing(line: string): void {
  process.stderr.write(`hartbreak: ${line}\n`);
}

/** Options that a kernel image has no use for. */
const OF_THE_HOSTED = ['design', 'form', 'bug', 'lock', 'refs', 'freelist', 'oracle'] as const;

/** `1,200 of 2,000 schedules, 1,050/s, 1 s, about 1 s to go, 2 failures` */
export function progressText(
  { schedules, seconds: elapsed, failures }: CheckProgress,
  { schedules: most, seconds: longest }: Pick<CheckOptions, 'schedules' | 'seconds'>,
): string {
  // With a time and no number, as many as there is time for.
  const total = most ?? (longest === undefined ? CHECK_DEFAULTS.schedules : Number.POSITIVE_INFINITY);
  const pace = schedules / elapsed;
  const toGo = Math.min((total - schedules) / pace, (longest ?? Number.POSITIVE_INFINITY) - elapsed);
  const of = total === Number.POSITIVE_INFINITY ? '' : ` of ${figure(total)}`;
  const found = failures === 0 ? '' : `, ${figure(failures)} failures`;
  return `${figure(schedules)}${of} schedules, ${figure(pace)}/s, ${elapsed.toFixed(0)} s, about ${Math.max(0, toGo).toFixed(0)} s to go${found}`;
}
