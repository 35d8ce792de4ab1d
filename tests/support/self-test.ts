import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { eager } from '../../kernel/page-sharing/eager.js';
import type { RunSummary } from '../../src/report/run-summary.js';
import { COMMAND } from './command.js';

/** A program of the embedded disk that checks the kernel from inside. */
export interface SelfTest {
  readonly name: string;
  /** Of `run`: what it needs. */
  readonly options?: readonly string[];
  /** What it prints when all went well under a design; a line of it, or a part of one. */
  says(design: string): readonly string[];
}

/** Add new ones here. */
export const selfTests: readonly SelfTest[] = [
  {
    name: 'cowtest',
    // What it does where fork copies is not what it does where fork shares: which of them it found must be right.
    says: (design) => ['ALL CASES PASSED', design === eager.name ? '(fork copies)' : '(fork shares)'],
  },
  { name: 'usertests', says: () => ['ALL TESTS PASSED'] },
  { name: 'lazytest', options: ['--abi', 'xv6-2025'], says: () => ['ALL CASES PASSED'] },
];

/** What a self-test says where it had not the means to test something. */
const SKIPPED = 'skipped';

export interface Place {
  readonly design: string;
  readonly harts: number;
}

/** A session of the guest's shell that is over. */
export interface Session {
  /** Of the command; null when it was ended, because it went on for too long. */
  readonly status: number | null;
  /** What the guest printed, and whatever else came on stderr. */
  readonly console: string;
  /** Undefined when the command came to none. */
  readonly report: (RunSummary & { readonly failures: readonly string[] }) | undefined;
}

/** Milliseconds, far more than a session takes on a machine with much other work. */
const LIMIT = 600_000;

/** Boots the embedded disk in a process of its own, and gives its shell these lines. `options`: further ones of `run`. */
export async function session(lines: readonly string[], place: Place, ...options: string[]): Promise<Session> {
  const args = [COMMAND, 'run', '--json', '--design', place.design, '--harts', String(place.harts), ...options];
  const command = spawn(process.execPath, args, { timeout: LIMIT, killSignal: 'SIGKILL' });
  command.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const [json, console, [status]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'close') as Promise<[number | null]>,
  ]);
  return { status, console, report: json === '' ? undefined : JSON.parse(json) };
}

/** Why the session is no pass of these tests: a line for each thing that is wrong. The ledger's word is among them. */
export function problemsOf({ status, console, report }: Session, tests: readonly SelfTest[], design: string): string[] {
  const problems: string[] = [];
  if (status === null) problems.push(`it had not ended after ${LIMIT / 1000} s`);
  else if (status !== 0) problems.push(`exit status ${status}`);
  if (report !== undefined) problems.push(...report.failures, ...report.ledger.violations);
  if (!report?.ok) problems.push('there is no clean ledger');
  for (const { name, says } of tests)
    for (const words of says(design)) if (!console.includes(words)) problems.push(`${name} did not say ${words}`);
  if (console.includes(SKIPPED)) problems.push('something was skipped');
  return problems;
}
