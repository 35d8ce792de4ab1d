import { Command, Option } from 'commander';
import { ConsoleWatch } from '../app/console-watch.js';
import { readImage } from '../app/disk-image.js';
import { FileOut } from '../app/file-out.js';
import { type GuestEnd, GuestMachine, type GuestReport } from '../app/guest-machine.js';
import { loadKernel } from '../app/load-kernel.js';
import { UsageError } from '../app/usage-error.js';
import { guestText } from '../report/guest-text.js';
import { collecting, oneOf, wholeNumber } from './arguments.js';
import { ExitStatus } from './exit-status.js';
import { interruptible, statusOf } from './interruption.js';
import { type HardwareOptions, withHardwareOptions } from './machine-options.js';
import { FAILURE, failOption, regex } from './regex-option.js';
import { terminalEvents, times } from './terminal-choices.js';
import { type VirtioName, virtioOption, virtioVersions } from './virtio-option.js';

interface BootOptions extends HardwareOptions {
  readonly disk?: string;
  readonly diskOut?: string;
  readonly virtio: VirtioName;
  readonly time: (typeof times)[number];
  readonly exec: readonly string[];
  readonly until?: RegExp;
  readonly fail?: RegExp;
  readonly gdb?: number;
}

const MOST_PORT = 0xffff;
const STDOUT = 1;
const STDERR = 2;

/** `hartbreak boot <kernel>`: a kernel image in machine mode on QEMU's `virt` board, its console on the terminal. */
export function bootCommand(): Command {
  return withHardwareOptions(new Command('boot'), { harts: 3 })
    .description('boot a kernel image, xv6-riscv for one, as QEMU’s virt board does; its console is the terminal')
    .argument('<kernel>', 'a RISC-V kernel (ELF64, static, RV64IMAC, linked for 0x80000000)')
    .option('--disk <file>', 'an image of the disk; what the kernel writes to it is kept in memory')
    .option('--disk-out <file>', 'save the disk when the machine stops')
    .addOption(virtioOption())
    .addOption(
      new Option('--time <name>', `${times.join(' or ')}: sleep in earnest, or skip the time in which every hart waits`)
        .argParser(oneOf('time', times))
        .default('real'),
    )
    .option('--exec <line>', 'type a line at the shell’s next prompt, and end at the one after the last', repeated, [])
    .option('--until <regex>', 'end, with status 0, when a line of the console matches', regex('--until'))
    .addOption(failOption())
    .addOption(
      new Option(
        '--gdb <port>',
        'serve GDB’s remote protocol, and stand still until it comes: target remote :port',
      ).argParser(wholeNumber('--gdb', { min: 0, max: MOST_PORT })),
    )
    .action(boot);
}

async function boot(path: string, options: BootOptions, command: Command): Promise<void> {
  const { harts, memory, exec, until, fail = FAILURE, virtio, time, gdb, json = false } = options;
  // HARTBREAK_ENGINE is for whatever takes either engine.
  const isWanted = command.getOptionValueSource('engine') === 'cli';
  if (gdb !== undefined && isWanted && options.engine?.name === 'translator')
    throw new UsageError('--gdb wants the interpreter, whose code it can step through; leave out --engine');
  const kernel = loadKernel(path, memory);
  const disk = options.disk === undefined ? undefined : readImage(options.disk);
  const diskOut = saveTo(options);
  const machine = new GuestMachine({
    harts,
    memory,
    kernel,
    ...(options.engine !== undefined && gdb === undefined && { engine: options.engine }),
    ...(disk !== undefined && { disk }),
    virtio: virtioVersions[virtio],
    virtualTime: time === 'virtual',
    consoleFd: json ? STDERR : STDOUT,
    watch: new ConsoleWatch({ exec, ...(until !== undefined && { until }), fail }),
    ...(gdb !== undefined && { gdb: { port: gdb, listening } }),
    ...(exec.length === 0 && { stdin: { stream: process.stdin, atOnce: true, ...terminalEvents } }),
  });
  const signal = await interruptible(machine, () => machine.run());
  const written = machine.disk();
  const report = withSaved(machine.report(), written === undefined ? undefined : diskOut?.save(written));
  if (json) process.stdout.write(`${JSON.stringify({ harts, ...report })}\n`);
  else process.stderr.write(guestText(report, signal !== undefined));
  process.exitCode = bootStatus(report, signal);
}

/** On stderr, as the console is the guest's. */
function listening(port: number): void {
  process.stderr.write(`hartbreak: the machine stands still until GDB has come: target remote :${port}\n`);
}

function saveTo({ disk, diskOut }: BootOptions): FileOut | undefined {
  if (diskOut === undefined) return undefined;
  if (disk === undefined) throw new UsageError('--disk-out saves the disk, and there is none; give one with --disk');
  return new FileOut(diskOut, { option: '--disk-out', content: 'the disk' });
}

const repeated = collecting<readonly string[]>((value, before) => [...before, value]);

/** `problem`: why the disk could not be saved. */
function withSaved(report: GuestReport, problem: string | undefined): GuestReport {
  return problem === undefined ? report : { ...report, failures: [...report.failures, problem] };
}

const MOST_STATUS = 0xff;

/** The status of a guest that ended itself is cut to eight bits, as every Unix has them. */
export function bootStatus({ end, failures, readerGone }: GuestReport, signal: NodeJS.Signals | undefined): number {
  if (failures.length > 0) return ExitStatus.Failed;
  if (end.kind !== 'stopped') return statusAt(end);
  if (signal !== undefined) return statusOf(signal);
  return readerGone ? statusOf('SIGPIPE') : ExitStatus.Failed;
}

function statusAt(end: Exclude<GuestEnd, { kind: 'stopped' }>): number {
  switch (end.kind) {
    case 'exit':
      return end.status & MOST_STATUS;
    case 'fail':
      return ExitStatus.Failed;
    default:
      return ExitStatus.Held;
  }
}
