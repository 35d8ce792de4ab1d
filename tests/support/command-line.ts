import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { COMMAND } from './command.js';

export interface Finished {
  /** Null when a signal ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function start(...args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [COMMAND, ...args]);
}

/** Collects what the command prints until it ends. */
export async function finished(command: ChildProcessWithoutNullStreams): Promise<Finished> {
  const [stdout, stderr, [status]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'close') as Promise<[number | null]>,
  ]);
  return { status, stdout, stderr };
}

/** Runs `hartbreak` with these arguments, to its end. */
export function hartbreak(...args: readonly string[]): Promise<Finished> {
  return finished(start(...args));
}

/** Runs a line of shell in which `hartbreak` is the command. */
export function shell(line: string): Promise<Finished> {
  return finished(spawn('bash', ['-c', withCommand(line)]));
}

/** Gives a command a terminal of its own, without a package: util-linux's. */
const SCRIPT = '/usr/bin/script';
export const canHaveTerminal = process.platform === 'linux' && existsSync(SCRIPT);

/** The same on a terminal: what is written to stdin is typed there, and stdout is what the terminal shows. */
export function shellOnTerminal(line: string): ChildProcessWithoutNullStreams {
  const env = { ...process.env, SHELL: '/bin/bash' };
  return spawn(SCRIPT, ['--quiet', '--return', '--flush', '--command', withCommand(line), '/dev/null'], { env });
}

function withCommand(line: string): string {
  const quoted = [process.execPath, COMMAND].map((word) => `'${word}'`).join(' ');
  return `hartbreak() { ${quoted} "$@"; }\n${line}`;
}

/** Waits until the stream has brought `what`; the stream can still be collected from its beginning afterwards. */
export async function until(
  command: ChildProcessWithoutNullStreams,
  what: string | RegExp,
  from: 'stdout' | 'stderr' = 'stdout',
): Promise<void> {
  const stream = command[from];
  const isThere = (text: string) => (typeof what === 'string' ? text.includes(what) : what.test(text));
  let seen = '';
  for (;;) {
    const chunk: Buffer | null = stream.read();
    if (chunk !== null) seen += chunk.toString();
    if (isThere(seen)) break;
    if (stream.readableEnded) throw new Error(`it ended with ${JSON.stringify(seen)}`);
    await once(stream, 'readable');
  }
  stream.unshift(Buffer.from(seen));
}

const LOOK_MS = 10;

/** Waits until `soFar` says that the running command has come so far. Throws when it has ended before. */
export async function runsUntil(command: ChildProcessWithoutNullStreams, soFar: () => boolean): Promise<void> {
  while (!soFar()) {
    if (command.exitCode !== null || command.signalCode !== null) throw new Error('it has ended before');
    await setTimeout(LOOK_MS);
  }
}

/** Waits until the command has so much to say that nobody reads that it has to wait. */
export async function untilFull(command: ChildProcessWithoutNullStreams): Promise<void> {
  const { stdout } = command;
  // Without it the stream takes nothing from the pipe.
  await once(stdout, 'readable');
  await runsUntil(command, () => stdout.readableLength >= stdout.readableHighWaterMark);
}

/** Where it can be seen how many threads a process has. */
export const canSeeThreads = existsSync('/proc/self/task');

/** Waits until the command, which makes a thread for each of many harts, is about to. */
export function untilStarting(command: ChildProcessWithoutNullStreams): Promise<void> {
  // More than Node has of its own.
  return runsUntil(command, () => readdirSync(`/proc/${command.pid}/task`).length >= 16);
}
