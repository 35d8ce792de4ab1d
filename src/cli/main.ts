#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { BootError } from '../../kernel/kernel-panic.js';
import { DESCRIPTION, VERSION } from '../app/package-root.js';
import { UsageError } from '../app/usage-error.js';
import { NoRoomError } from '../memory/shared-memory.js';
import { benchCommand } from './bench.js';
import { designsCommand } from './designs.js';
import { ExitStatus } from './exit-status.js';
import { exploreCommand } from './explore.js';
import { listCommands } from './lists.js';
import { replayCommand, shrinkCommand } from './replay.js';
import { runCommand } from './run.js';
import { stressCommand } from './stress.js';

/** Add new commands here. */
const commands = [
  stressCommand(),
  runCommand(),
  exploreCommand(),
  replayCommand(),
  shrinkCommand(),
  designsCommand(),
  benchCommand(),
  ...listCommands(),
];

function program(): Command {
  const root = new Command('hartbreak').enablePositionalOptions().description(DESCRIPTION).version(VERSION);
  for (const command of commands) root.addCommand(command);
  // `main` tells what went wrong, in one line.
  const silent = { outputError: () => {}, writeErr: () => {} };
  for (const command of [root, ...commands]) command.exitOverride().configureOutput(silent);
  return root;
}

/** Runs the command line; the exit status is left in `process.exitCode`, so that output is flushed. */
async function main(): Promise<void> {
  const root = program();
  const words = process.argv.slice(2);
  try {
    if (words.length === 0) root.outputHelp();
    else await root.parseAsync();
  } catch (error) {
    const complaint = complaintOf(error, words);
    if (complaint === undefined) throw error;
    if (complaint === '') return;
    process.stderr.write(`hartbreak: ${complaint}\n`);
    process.exitCode = ExitStatus.Usage;
  }
}

/** What is wrong with the command and how to mend it; empty for one that only asked for help, undefined for another kind of error. */
function complaintOf(error: unknown, [command, topic]: readonly string[]): string | undefined {
  if (error instanceof UsageError || error instanceof BootError || error instanceof NoRoomError) return error.message;
  if (!(error instanceof CommanderError)) return undefined;
  if (error.exitCode === 0) return '';
  // Commander's answer to `help nonsense` is the help itself.
  if (error.code === 'commander.help') return `unknown command '${topic}'; see hartbreak --help`;
  const known = commands.some((one) => one.name() === command) ? `${command} ` : '';
  const what = error.message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  return `${what}; see hartbreak ${known}--help`;
}

/** A reader that leaves early, as `| head -1` does, takes the rest of the output with it, and nothing else. */
function ignoreLeaving(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

process.stdout.on('error', ignoreLeaving);
process.stderr.on('error', ignoreLeaving);
await main();
