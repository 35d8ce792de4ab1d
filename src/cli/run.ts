import { type Command, Option } from 'commander';
import { hasFailed, type RunReport, summaryText } from '../report/run-summary.js';
import { oneOf } from './arguments.js';
import { ExitStatus } from './exit-status.js';
import { HostedMachine } from './hosted-machine.js';
import { interruptible, statusOf } from './interruption.js';
import { loadProgram } from './load-program.js';
import { kernelConfig, type MachineOptions, machineCommand } from './machine-options.js';

interface RunOptions extends MachineOptions {
  readonly time: string;
}

/** What the machine's clock does while nobody has anything to do. */
const times = ['real', 'virtual'] as const;

/** In raw mode Ctrl-C is a byte like any other; here it is the signal again. */
const terminalEvents = {
  interrupted: () => void process.kill(process.pid, 'SIGINT'),
  failed: (why: string) =>
    void process.stderr.write(`hartbreak: standard input has ended, as it cannot be read: ${why}\n`),
};

const STDOUT = 1;
const STDERR = 2;

/** `hartbreak run <elf> [args…]`: one user program, its console on the terminal, its exit status returned. */
export function runCommand(): Command {
  return machineCommand('run', { harts: 1 })
    .description('run one user program on the hosted kernel; its exit status is returned')
    .argument('<elf>', 'a RISC-V program (ELF64, static, RV64IMAC)')
    .argument('[args...]', 'its arguments')
    .addOption(
      new Option('--time <name>', `${times.join(': its own pace, ')}: skips what nobody uses`)
        .argParser(oneOf('time', times))
        .default('virtual'),
    )
    .passThroughOptions()
    .action(run);
}

async function run(path: string, args: readonly string[], options: RunOptions): Promise<void> {
  const { harts, memory, time, json = false } = options;
  const machine = new HostedMachine({
    harts,
    memory,
    kernel: kernelConfig(options),
    program: loadProgram(path),
    argv: [path, ...args],
    consoleFd: json ? STDERR : STDOUT,
    stdin: { stream: process.stdin, events: terminalEvents },
    virtualTime: time === 'virtual',
  });
  const signal = await interruptible(machine, () => machine.run());
  const report = machine.report();
  const { summary, form, status, failures } = report;
  if (json) process.stdout.write(`${JSON.stringify({ ...summary, form, status, failures })}\n`);
  else if (hasFailed(report) || signal !== undefined) process.stderr.write(`${summaryText(report)}\n`);
  process.exitCode = exitStatus(report, signal);
}

/** Exit statuses are eight bits, as every Unix has them: a program that the kernel killed ended with -1, which is 255. */
function exitStatus(report: RunReport, signal: NodeJS.Signals | undefined): number {
  if (hasFailed(report)) return ExitStatus.Failed;
  if (report.status !== null) return report.status & 0xff;
  if (signal !== undefined) return statusOf(signal);
  return report.readerGone ? statusOf('SIGPIPE') : ExitStatus.Failed;
}
