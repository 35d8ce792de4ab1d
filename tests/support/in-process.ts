import { vi } from 'vitest';
import { commandLine } from '../../src/cli/command-line.js';
import type { Finished } from './command-line.js';

/**
 * Runs `hartbreak` with these arguments in this process: for command lines that are refused, ask for help, print lists, or
 * explore, on machines that stay up from one to the next; whoever runs a machine wants a process (command-line.ts), whose
 * streams and signals are its own. What goes past
 * the streams, straight to the process's, counts as printed too. Not for tests that run side by side: they share those.
 */
export async function inProcess(...args: readonly string[]): Promise<Finished> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const into = (lines: string[]) => (text: string | Uint8Array) => lines.push(text.toString()) > 0;
  const past = [
    vi.spyOn(process.stdout, 'write').mockImplementation(into(stdout)),
    vi.spyOn(process.stderr, 'write').mockImplementation(into(stderr)),
  ];
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    const refused = await commandLine(args, { stdout: { write: into(stdout) }, stderr: { write: into(stderr) } });
    const status = refused ?? Number(process.exitCode ?? 0);
    return { status, stdout: stdout.join(''), stderr: stderr.join('') };
  } finally {
    process.exitCode = before;
    for (const spy of past) spy.mockRestore();
  }
}
