import { Command, CommanderError, Help, type Option } from 'commander';
import { BootError } from '../../kernel/kernel-panic.js';
import { DESCRIPTION, VERSION } from '../app/manifest.js';
import { UsageError } from '../app/usage-error.js';
import { NoRoomError } from '../memory/shared-memory.js';
import { collects } from './arguments.js';
import { ExitStatus } from './exit-status.js';

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
  const root = await program(streams, words[0]);
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

/** Add new commands here, each by its name. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  stress: async () => (await import('./stress.js')).stressCommand(),
  run: async () => (await import('./run.js')).runCommand(),
  boot: async () => (await import('./boot.js')).bootCommand(),
  explore: async () => (await import('./explore.js')).exploreCommand(),
  campaign: async () => (await import('./campaign.js')).campaignCommand(),
  replay: async () => (await import('./replay.js')).replayCommand(),
  shrink: async () => (await import('./replay.js')).shrinkCommand(),
  designs: async () => (await import('./designs.js')).designsCommand(),
  bench: async () => (await import('./bench.js')).benchCommand(),
};

/**
 * The command of this name alone, so that it need not wait for the modules of all others; without one all of them, for help
 * and for names that are wrong. Made anew for each command line, because commander keeps in them what it has parsed.
 */
async function commands(name: string | undefined): Promise<Command[]> {
  if (name !== undefined && Object.hasOwn(COMMANDS, name)) return [await COMMANDS[name]!()];
  const { listCommands } = await import('./lists.js');
  return [...(await Promise.all(Object.values(COMMANDS).map((make) => make()))), ...listCommands()];
}

async function program({ stdout }: Streams, name: string | undefined): Promise<Command> {
  const root = new Command('hartbreak').enablePositionalOptions().description(DESCRIPTION).version(VERSION);
  for (const command of await commands(name)) root.addCommand(command);
  // `commandLine` tells what went wrong, in one line.
  const output = { writeOut: (text: string) => void stdout.write(text), outputError: () => {}, writeErr: () => {} };
  root.commands.forEach(refuseRepetition);
  for (const command of [root, ...root.commands])
    command.exitOverride().configureOutput(output).configureHelp({ optionDescription });
  return root;
}

/** An option that takes one value is given once: Commander would take the last, and say nothing of the others. */
function refuseRepetition(command: Command): void {
  for (const option of command.options) {
    if (!option.required || (option.parseArg !== undefined && collects(option.parseArg))) continue;
    let isGiven = false;
    command.on(`option:${option.name()}`, () => {
      if (isGiven) throw new UsageError(`${option.long} can be given once`);
      isGiven = true;
    });
  }
}

/** Says too what an option is whose value is left open, such as a name that the bug decides: Commander is silent on those. */
function optionDescription(option: Option): string {
  const text = Help.prototype.optionDescription(option);
  const { defaultValue, defaultValueDescription } = option;
  return defaultValue !== undefined || defaultValueDescription === undefined
    ? text
    : `${text} (default: ${defaultValueDescription})`;
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
