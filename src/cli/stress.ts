import { type Command, Option } from 'commander';
import type { KernelConfig } from '../../kernel/config.js';
import { formNames } from '../../kernel/page-sharing/page-sharing.js';
import { HostedMachine } from '../app/hosted-machine.js';
import { StressWatch } from '../app/stress-watch.js';
import { UsageError } from '../app/usage-error.js';
import { userProgram } from '../machine/user-programs.js';
import { pageOf } from '../report/page.js';
import { hasFailed, type RunReport, summaryText } from '../report/run-summary.js';
import { commandText } from '../report/wrap.js';
import { seconds, wholeNumber } from './arguments.js';
import { ExitStatus } from './exit-status.js';
import { interruptible, statusOf } from './interruption.js';
import { type LockstatArguments, lockstatOptions, lockText, withLockstatOptions } from './lockstat-options.js';
import { kernelConfig, type MachineOptions, machineCommand } from './machine-options.js';
import { withProfileOptions } from './profile-options.js';
import { failOption } from './regex-option.js';
import { type StressKernelOptions, stressKernel } from './stress-kernel.js';
import { virtioOption } from './virtio-option.js';

interface StressOptions extends MachineOptions, LockstatArguments, Omit<StressKernelOptions, 'kernel'> {
  readonly kernel?: string;
  readonly seconds: number;
  readonly workers: number;
  readonly pages: number;
}

/** What kernel/user/src/forkwrite.c takes. */
const WORKERS = { min: 1, max: 1024 };
const PAGES = { min: 1, max: 65535 };
const PAGES_PER_MIB = 256;
const PAGES_BESIDE = 12;
const STDERR = 2;

/** `hartbreak stress`: processes fork and write shared pages on all harts at once, for a while. */
export function stressCommand(): Command {
  return withProfileOptions(withLockstatOptions(machineCommand('stress', { harts: 4 })))
    .description('run concurrent fork and write on all harts in parallel, and audit every page')
    .option('-s, --seconds <number>', 'how long', seconds('--seconds'), 10)
    .option('--workers <number>', 'processes that fork', wholeNumber('--workers', WORKERS), 8)
    .option('--pages <number>', 'pages that each of them writes', wholeNumber('--pages', PAGES), 16)
    .option('--kernel <file>', 'a kernel image, as `hartbreak boot` takes it, instead of our kernel; harts: 3')
    .option('--disk <file>', 'with --kernel: an image of its disk, which stays as it is')
    .addOption(virtioOption())
    .addOption(
      new Option('--exec <line>', 'with --kernel: the line that is typed at its prompt, again and again').default(
        'cowtest',
      ),
    )
    .addOption(failOption())
    .action(stress);
}

/** Options that only a kernel image has a use for, and those that only ours has. */
const OF_A_KERNEL = ['disk', 'virtio', 'exec', 'fail', 'profile', 'role'];
const OF_OURS = [
  ...['design', 'form', 'bug', 'lock', 'refs', 'freelist', 'processes', 'workers', 'pages'],
  ...['lockstat', 'callers', 'format'],
];

async function stress(options: StressOptions, command: Command): Promise<void> {
  const { kernel } = options;
  const [others, why] =
    kernel === undefined
      ? [OF_A_KERNEL, 'is for a kernel image; give one with --kernel, or leave it out']
      : [OF_OURS, 'is for our own kernel; leave out that or --kernel'];
  for (const name of others) if (command.getOptionValueSource(name) === 'cli') throw new UsageError(`--${name} ${why}`);
  if (kernel === undefined) await stressOurs(options);
  else await stressKernel({ ...options, kernel }, command);
}

async function stressOurs(options: StressOptions): Promise<void> {
  const { harts, memory, workers, pages, json = false } = options;
  checkLoad(options);
  const lockstat = lockstatOptions(options);
  const kernel = kernelConfig(options);
  const machine = new HostedMachine({
    harts,
    memory,
    ...(options.engine !== undefined && { engine: options.engine }),
    kernel,
    program: userProgram('forkwrite'),
    argv: ['forkwrite', String(workers), '0', String(pages)],
    consoleFd: STDERR,
    ...(lockstat !== undefined && { lockstat }),
  });
  const watch = new StressWatch(machine, options.seconds);
  const signal = await interruptible(machine, () => watch.run());
  const report = judged(machine.report());
  if (json) {
    for (const failure of report.failures) process.stderr.write(`hartbreak: ${failure}\n`);
    process.stdout.write(
      `${JSON.stringify({ ...report.summary, ...(signal !== undefined && { interrupted: true }) })}\n`,
    );
  } else {
    const page = pageOf(process.stdout);
    const text = summaryText(report, page, lockText(options, machine, page));
    const why = hasFailed(report)
      ? [commandText('to look for it step by step, under control:', exploreLine(options, kernel), page.width)]
      : [];
    process.stdout.write(`${[text, ...why].join('\n\n')}\n`);
  }
  if (report.summary.ok) process.exitCode = ExitStatus.Held;
  else process.exitCode = signal === undefined || hasFailed(report) ? ExitStatus.Failed : statusOf(signal);
}

/** The command that runs the same kernel under control. */
function exploreLine(
  { design, form, bug, lock, refs }: StressOptions,
  { freelist }: Pick<KernelConfig, 'freelist'>,
): string {
  const chosen = Object.entries({ design, form: form === formNames[0] ? undefined : form, bug, lock, refs, freelist });
  const given = chosen.flatMap(([option, name]) => (name === undefined ? [] : [`--${option} ${name}`]));
  return ['hartbreak explore', ...given].join(' ');
}

/** Throws UsageError for a load that cannot even begin. */
function checkLoad({ workers, pages, memory, processes }: StressOptions): void {
  // One slot is the program's own, and a worker alone has nobody to share with.
  if (workers + 2 > processes)
    throw new UsageError(
      `${workers} workers and their children need more than ${processes} processes; give --processes ${2 * workers + 1} or fewer --workers`,
    );
  // A worker and its child with all their pages apart, and what each has beside them: text, stack, page tables.
  const needed = Math.ceil((workers * 2 * (pages + PAGES_BESIDE)) / PAGES_PER_MIB);
  if (needed > memory)
    throw new UsageError(
      `${workers} workers with ${pages} pages each, and their children, need ${needed} MiB; give as much with --memory, or fewer --workers or --pages`,
    );
}

/** forkwrite never ends by itself, unless it has found something wrong, of which it has printed a line. */
function judged(report: RunReport): RunReport {
  const { summary, status, failures } = report;
  if (status === null) return report;
  const failure = `forkwrite ended with status ${status}: its own lines, on stderr, say why`;
  return { ...report, failures: [...failures, failure], summary: { ...summary, ok: false } };
}
