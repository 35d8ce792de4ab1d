import { expect } from 'vitest';
import { type Finished, finished, start, until } from '../support/command-line.js';

/** Starts a program that prints `ready` and has no end, and sends the signals once it has. */
export async function interrupted(signals: readonly NodeJS.Signals[], ...args: readonly string[]): Promise<Finished> {
  const command = start('run', ...args);
  await until(command, 'ready');
  const [first, ...more] = signals;
  command.kill(first);
  // Two of one kind at once would be one.
  for (const signal of more) setImmediate(() => command.kill(signal));
  return finished(command);
}

export const AUDITED = /^ledger: 1 audit, every frame accounted for$/m;

/** Expects that one Ctrl-C ends the program as it should. */
export async function stopsAndAudits(_what: string, harts: string, program: string): Promise<void> {
  const { status, stderr } = await interrupted(['SIGINT'], '--harts', harts, program);
  expect(stderr).toMatch(/^\d+ harts?, design /);
  expect(stderr).toMatch(AUDITED);
  expect(status).toBe(128 + 2);
}

/** Expects that a second Ctrl-C ends the program, whatever the first has come to. */
export async function endsAtOnce(_what: string, harts: string, program: string): Promise<void> {
  const { status } = await interrupted(['SIGINT', 'SIGTERM'], '--harts', harts, program);
  // When the first has done its work before the second comes, its status stands.
  expect([128 + 2, 128 + 15]).toContain(status);
}
