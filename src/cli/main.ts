#!/usr/bin/env node
import { commandLine } from './command-line.js';

/** A reader that leaves early, as `| head -1` does, takes the rest of the output with it, and nothing else. */
function ignoreLeaving(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

process.stdout.on('error', ignoreLeaving);
process.stderr.on('error', ignoreLeaving);
// Not `process.exit`, so that output is flushed.
const status = await commandLine(process.argv.slice(2), process);
if (status !== undefined) process.exitCode = status;
