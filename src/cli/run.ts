import type { Command } from 'commander';
import { hasFailed, type RunReport, summaryText } from '../report/run-summary.js';
import { ExitStatus } from './exit-status.js';
import { HostedMachine } from './hosted-machine.js';
import { interruptible, statusOf } from './interruption.js';
import { loadProgram } from './load-program.js';
import { kernelConfig, type MachineOptions, machineCommand } from './machine-options.js';

const STDOUT = 1;
const STDERR = 2;

/** `hartbreak run <elf> [args…]`: one user program, its console on the terminal, its exit status returned. */
export function runCommand(): Command {
  return machineCommand('run', { harts: 1 })
    .description('run one user program on the hosted kernel; its exit status is returned')
    .argument('<elf>', 'a RISC-V program (ELF64, static, RV64IMAC)')
    .argument('[args...]', 'its arguments')
    .passThroughOptions()
    .action(run);
}

async function run(path: string, args: readonly string[], options: MachineOptions): Promise<void> {
  const { harts, memory, json = false } = options;
  const machine = new HostedMachine({
    harts,
    memory,
    kernel: kernelConfig(options),
    program: loadProgram(path),
    argv: [path, ...args],
    consoleFd: json ? STDERR : STDOUT,
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
