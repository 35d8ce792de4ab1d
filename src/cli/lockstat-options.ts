import { type Command, Option } from 'commander';
import type { HostedMachine, LockstatOptions } from '../app/hosted-machine.js';
import { UsageError } from '../app/usage-error.js';
import { lockstatText } from '../report/lockstat-text.js';
import type { Page } from '../report/page.js';
import { xv6LockText } from '../report/xv6-lock-text.js';
import { oneOf } from './arguments.js';

/** What a person asks of the statistics of locks. */
export interface LockstatArguments {
  readonly lockstat?: boolean;
  readonly callers?: boolean;
  readonly format?: string;
  readonly json?: boolean;
}

const XV6 = 'xv6';
/** The first is the default. */
const FORMATS = ['linux', XV6];

export function withLockstatOptions(command: Command): Command {
  return command
    .option('--lockstat', 'measure what harts do with the locks: contention, waiting, holding, and who had them before')
    .option('--callers', 'with --lockstat: for every function of the kernel that takes a lock, too')
    .addOption(
      new Option('--format <name>', `with --lockstat: ${FORMATS.join(', ')}; ${XV6} prints the lines of its lock lab`)
        .argParser(oneOf('format', FORMATS))
        .default(undefined, FORMATS[0]),
    );
}

/** What the machine is to measure; undefined: nothing but what it always counts. Throws UsageError. */
export function lockstatOptions({ lockstat, callers, format, json }: LockstatArguments): LockstatOptions | undefined {
  if (lockstat !== true) {
    if (callers === true) throw new UsageError('--callers is about the statistics of locks; give --lockstat too');
    if (format !== undefined) throw new UsageError('--format is about the statistics of locks; give --lockstat too');
    return undefined;
  }
  if (format !== undefined && json === true)
    throw new UsageError('--format is about text; leave out either that or --json');
  if (format === XV6 && callers === true)
    throw new UsageError(`--format ${XV6} has no room for who takes the locks; leave out --callers`);
  return { callers: callers === true };
}

/** What is printed of locks after a run; undefined: what always is. */
export function lockText({ format }: LockstatArguments, machine: HostedMachine, page: Page): string | undefined {
  const { lockstat } = machine.report().summary;
  if (lockstat === undefined) return undefined;
  return format === XV6 ? xv6LockText(machine.lockInstances()) : lockstatText(lockstat, page);
}
