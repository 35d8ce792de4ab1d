import { basename } from 'node:path';
import type { Command } from 'commander';
import { readImage } from '../app/disk-image.js';
import { GuestStress, type GuestStressReport, type StressProgress } from '../app/guest-stress.js';
import { loadKernel } from '../app/load-kernel.js';
import { profileOf } from '../app/load-profile.js';
import { UsageError } from '../app/usage-error.js';
import { guestStressText } from '../report/guest-stress-text.js';
import { pageOf } from '../report/page.js';
import { ProgressLine } from '../report/progress.js';
import { figure } from '../report/table.js';
import { commandText } from '../report/wrap.js';
import { ExitStatus } from './exit-status.js';
import { interruptible, statusOf } from './interruption.js';
import type { HardwareOptions } from './machine-options.js';
import { chosenProfile, type ProfileOptions } from './profile-options.js';
import { FAILURE } from './regex-option.js';
import { type VirtioName, virtioVersions } from './virtio-option.js';

export interface StressKernelOptions extends HardwareOptions, ProfileOptions {
  readonly kernel: string;
  readonly disk?: string;
  readonly virtio: VirtioName;
  readonly exec: string;
  readonly fail?: RegExp;
  readonly seconds: number;
}

const STDERR = 2;
/** Of the machine when nobody says how many: as `boot` has it. */
const HARTS = 3;
/** What three programs at once need, and two. */
const SCENARIOS = { three: 'three-writers', two: 'fork-write' } as const;
/** In the place of a line that stays in the background, the prompt would be no end of a round. */
const BACKGROUND = /&/;

/** `hartbreak stress --kernel`: a line runs on a kernel image again and again, on all harts at once, for a while. */
export async function stressKernel(options: StressKernelOptions, command: Command): Promise<void> {
  const { kernel: path, disk: diskPath, memory, exec, fail = FAILURE, seconds, virtio, json = false } = options;
  if (BACKGROUND.test(exec))
    throw new UsageError(`--exec '${exec}' runs beside the prompt, which then ends no round; leave out the &`);
  const harts = command.getOptionValueSource('harts') === 'cli' ? options.harts : HARTS;
  const profile = chosenProfile(options);
  const kernel = loadKernel(path, memory);
  const { functions, missing } = profileOf(path, profile, kernel.symbols);
  const disk = diskPath === undefined ? undefined : readImage(diskPath);
  if (missing !== undefined) process.stderr.write(`hartbreak: ${missing}\n`);
  const line = new ProgressLine(process.stderr);
  const stress = new GuestStress({
    ...{ harts, memory, kernel, functions, exec, fail, seconds },
    ...(options.engine !== undefined && { engine: options.engine }),
    ...(disk !== undefined && { disk }),
    virtio: virtioVersions[virtio],
    consoleFd: STDERR,
    progress: (soFar) => line.show(progressText(soFar)),
  });
  const signal = await interruptible(stress, () => stress.run()).finally(() => line.clear());
  const report = stress.report();
  const interrupted = signal !== undefined && { interrupted: true };
  if (json) {
    const { end, readerGone, wantsOtherVirtio, ...told } = report;
    process.stdout.write(
      `${JSON.stringify({ kernel: path, disk: diskPath ?? null, exec, harts, ...told, ...interrupted })}\n`,
    );
  } else {
    const title = `${basename(path)}, '${exec}' on ${harts} ${harts === 1 ? 'hart' : 'harts'}`;
    const page = pageOf(process.stdout);
    const why = report.ok ? [] : [commandText(WHY, exploreLine(options, harts, report), page.width)];
    process.stdout.write(`${[guestStressText({ title, ...report }, page), ...why].join('\n\n')}\n`);
  }
  if (!report.ok) process.exitCode = ExitStatus.Failed;
  else process.exitCode = signal === undefined ? ExitStatus.Held : statusOf(signal);
}

const WHY = 'to look for it step by step, under control:';

/** The command that runs the same kernel under control: a small program of ours where it has programs, which takes far fewer steps than the line. */
function exploreLine(
  { kernel, disk, virtio, exec, memory, profile, role }: StressKernelOptions,
  harts: number,
  { hasPrograms }: GuestStressReport,
): string {
  const what = hasPrograms
    ? `--scenario ${harts > 2 ? SCENARIOS.three : SCENARIOS.two}`
    : `--exec ${quoted(exec)} --harts ${harts}`;
  return [
    `hartbreak explore --kernel ${quoted(kernel)}`,
    ...(disk === undefined ? [] : [`--disk ${quoted(disk)}`]),
    ...(virtio === 'modern' ? [] : [`--virtio ${virtio}`]),
    what,
    `--memory ${memory}`,
    ...(profile === undefined ? [] : [`--profile ${quoted(profile)}`]),
    ...role.map((one) => `--role ${quoted(one)}`),
  ].join(' ');
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function progressText({ rounds, audits, seconds }: StressProgress): string {
  if (seconds === undefined) return 'the kernel boots';
  return `${seconds.toFixed(0)} s  ${figure(rounds)} rounds  ${figure(audits)} audits`;
}
