#!/usr/bin/env node
import { commandLine } from './command-line.js';
import { ExitStatus } from './exit-status.js';

/** A reader that leaves early, as `| head -1` does, takes the rest of the output with it, and nothing else. */
function isLeaving({ code }: NodeJS.ErrnoException): boolean {
  return code === 'EPIPE';
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (isLeaving(error)) return;
  process.stderr.write(`hartbreak: cannot write to standard output: ${error.code ?? error.message}\n`);
  // What would be printed from here on is lost, so there is nothing to go on for.
  process.exit(ExitStatus.Usage);
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  // Nowhere is left to say so.
  if (!isLeaving(error)) process.exit(ExitStatus.Usage);
});
// Not `process.exit`, so that output is flushed.
const status = await commandLine(process.argv.slice(2), process);
if (status !== undefined) process.exitCode = status;
