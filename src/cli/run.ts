import { type Command, Option } from 'commander';
import { abis, DEFAULT_ABI } from '../../kernel/abi.js';
import { BSIZE } from '../../kernel/params.js';
import { defaultDisk, loadDisk } from '../app/disk-image.js';
import { FileOut } from '../app/file-out.js';
import { type FirstProgram, HostedMachine } from '../app/hosted-machine.js';
import { loadProgram } from '../app/load-program.js';
import { UsageError } from '../app/usage-error.js';
import { engineText } from '../report/engine-text.js';
import { pageOf } from '../report/page.js';
import { hasFailed, type RunReport, summaryText } from '../report/run-summary.js';
import { oneOf } from './arguments.js';
import { ExitStatus } from './exit-status.js';
import { interruptible, statusOf } from './interruption.js';
import { names } from './kernel-options.js';
import { type LockstatArguments, lockstatOptions, lockText, withLockstatOptions } from './lockstat-options.js';
import { kernelConfig, type MachineOptions, machineCommand } from './machine-options.js';
import { terminalEvents, times } from './terminal-choices.js';

interface RunOptions extends MachineOptions, LockstatArguments {
  readonly exec?: string;
  readonly abi: string;
  readonly disk?: string;
  readonly diskOut?: string;
  readonly time?: string;
  readonly stats?: boolean;
}

const STDOUT = 1;
const STDERR = 2;

/** `hartbreak run [elf] [args…]`: one user program, or the shell; its console on the terminal, its exit status returned. */
export function runCommand(): Command {
  return withLockstatOptions(machineCommand('run', { harts: 1 }))
    .description('run a user program on the hosted kernel, or the shell; its exit status is returned')
    .argument('[elf]', 'a RISC-V program (ELF64, static, RV64IMAC); without one, init and its shell from the disk')
    .argument('[args...]', 'its arguments')
    .option('--exec <line>', 'run a program of the disk: its path and arguments, with blanks between')
    .option('--disk <file>', 'a disk image as xv6’s mkfs makes it; without one, a disk with our own programs')
    .addOption(
      new Option('--abi <name>', `the xv6 that its programs were written for: ${names(abis).join(', ')}`)
        .argParser(oneOf('interface', names(abis)))
        .default(DEFAULT_ABI.name),
    )
    .option('--disk-out <file>', 'save the disk when the machine stops')
    .addOption(
      new Option('--time <name>', `${times.join(' or ')}: sleep in earnest, or skip the time in which nobody works`)
        .argParser(oneOf('time', times))
        .default(undefined, 'real for the shell on a terminal, else virtual'),
    )
    .option('--stats', 'say afterwards on stderr what each hart’s engine did')
    .passThroughOptions()
    .action(run);
}

async function run(path: string | undefined, args: readonly string[], options: RunOptions): Promise<void> {
  const { harts, memory, time, json = false, stats = false } = options;
  const lockstat = lockstatOptions(options);
  const first = firstProgram(path, args, options.exec);
  const disk = options.disk === undefined ? defaultDisk() : loadDisk(options.disk);
  const diskOut =
    options.diskOut === undefined
      ? undefined
      : new FileOut(options.diskOut, { option: '--disk-out', content: 'the disk' });
  const isInteractive = first === INIT && process.stdin.isTTY;
  const machine = new HostedMachine({
    harts,
    memory,
    ...(options.engine !== undefined && { engine: options.engine }),
    kernel: { ...kernelConfig(options), abi: options.abi, diskBlocks: disk.length / BSIZE },
    ...first,
    disk,
    consoleFd: json ? STDERR : STDOUT,
    stdin: { stream: process.stdin, atOnce: first === INIT, ...terminalEvents },
    virtualTime: time === undefined ? !isInteractive : time === 'virtual',
    ...(lockstat !== undefined && { lockstat }),
  });
  const signal = await interruptible(machine, () => machine.run());
  const report = withSaved(machine.report(), diskOut === undefined ? undefined : save(machine, diskOut));
  const { summary, form, status, failures } = report;
  const engines = stats ? machine.engineFigures() : undefined;
  if (json) {
    const told = { ...summary, ...(engines !== undefined && { engines }), form, status, failures };
    process.stdout.write(`${JSON.stringify(told)}\n`);
  } else {
    const page = pageOf(process.stderr);
    const locks = lockText(options, machine, page);
    if (hasFailed(report) || signal !== undefined) process.stderr.write(`${summaryText(report, page, locks)}\n`);
    else if (locks !== undefined) process.stderr.write(`${locks}\n`);
    if (engines !== undefined) process.stderr.write(`${engineText(engines, summary.seconds)}\n`);
  }
  process.exitCode = exitStatus(report, signal);
}

/** xv6 starts it so too: it opens the console itself. */
const INIT: FirstProgram = { argv: ['/init'], consoleOpen: false };

function firstProgram(path: string | undefined, args: readonly string[], line: string | undefined): FirstProgram {
  if (line === undefined) return path === undefined ? INIT : { program: loadProgram(path), argv: [path, ...args] };
  if (path !== undefined)
    throw new UsageError(`--exec runs '${line}' and leaves nothing to run '${path}'; leave one of them out`);
  const argv = line.split(/\s/).filter((word) => word !== '');
  if (argv.length === 0) throw new UsageError('--exec is empty; give it the path of a program on the disk');
  return { argv };
}

/** Why the disk could not be saved; undefined when it was, or nothing has been put there. */
function save(machine: HostedMachine, into: FileOut): string | undefined {
  const written = machine.disk();
  return written === undefined ? undefined : into.save(written);
}

/** `problem`: why the disk could not be saved. */
function withSaved(report: RunReport, problem: string | undefined): RunReport {
  if (problem === undefined) return report;
  return { ...report, failures: [...report.failures, problem], summary: { ...report.summary, ok: false } };
}

/** Exit statuses are eight bits, as every Unix has them: a program that the kernel killed ended with -1, which is 255. */
export function exitStatus(report: RunReport, signal: NodeJS.Signals | undefined): number {
  if (hasFailed(report)) return ExitStatus.Failed;
  if (report.status !== null) return report.status & 0xff;
  if (signal !== undefined) return statusOf(signal);
  return report.readerGone ? statusOf('SIGPIPE') : ExitStatus.Failed;
}
