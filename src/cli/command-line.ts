import { Command, CommanderError } from 'commander';
import { BootError } from '../../kernel/kernel-panic.js';
import { DESCRIPTION, VERSION } from '../app/manifest.js';
import { UsageError } from '../app/usage-error.js';
import { NoRoomError } from '../memory/shared-memory.js';
import { benchCommand } from './bench.js';
import { bootCommand } from './boot.js';
import { campaignCommand } from './campaign.js';
import { designsCommand } from './designs.js';
import { ExitStatus } from './exit-status.js';
import { exploreCommand } from './explore.js';
import { listCommands } from './lists.js';
import { replayCommand, shrinkCommand } from './replay.js';
import { runCommand } from './run.js';
import { stressCommand } from './stress.js';

/** Where help and complaints go. A command that runs writes to the process's own streams. */
export interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/**
 * Runs a command line. The exit status when nothing was run: it was wrong, which one line on stderr says, or it only
 * asked for help. Undefined when a command has run, which leaves its own in `process.exitCode`.
 */
export async function commandLine(words: readonly string[], streams: Streams): Promise<number | undefined> {
  const root = program(streams);
  try {
    if (words.length === 0) root.outputHelp();
    else await root.parseAsync(words, { from: 'user' });
    return undefined;
  } catch (error) {
    const complaint = complaintOf(error, root, words);
    if (complaint === undefined) throw error;
    if (complaint === '') return ExitStatus.Held;
    streams.stderr.write(`hartbreak: ${complaint}\n`);
    return ExitStatus.Usage;
  }
}

/** Add new commands here. Made anew for each command line, because commander keeps in them what it has parsed. */
function commands(): Command[] {
  return [
    stressCommand(),
    runCommand(),
    bootCommand(),
    exploreCommand(),
    campaignCommand(),
    replayCommand(),
    shrinkCommand(),
    designsCommand(),
    benchCommand(),
    ...listCommands(),
  ];
}

function program({ stdout }: Streams): Command {
  const root = new Command('hartbreak').enablePositionalOptions().description(DESCRIPTION).version(VERSION);
  for (const command of commands()) root.addCommand(command);
  // `commandLine` tells what went wrong, in one line.
  const output = { writeOut: (text: string) => void stdout.write(text), outputError: () => {}, writeErr: () => {} };
  for (const command of [root, ...root.commands]) command.exitOverride().configureOutput(output);
  return root;
}

/** What is wrong with the command and how to mend it; empty for one that only asked for help, undefined for another kind of error. */
function complaintOf(error: unknown, root: Command, [command, topic]: readonly string[]): string | undefined {
  if (error instanceof UsageError || error instanceof BootError || error instanceof NoRoomError) return error.message;
  if (!(error instanceof CommanderError)) return undefined;
  if (error.exitCode === 0) return '';
  // Commander's answer to `help nonsense` is the help itself.
  if (error.code === 'commander.help') return `unknown command '${topic}'; see hartbreak --help`;
  const known = root.commands.some((one) => one.name() === command) ? `${command} ` : '';
  const what = error.message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\.$/, '');
  return `${what}; see hartbreak ${known}--help`;
}
