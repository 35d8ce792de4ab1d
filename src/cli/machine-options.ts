import { Command, Option } from 'commander';
import { chosenDesign, formNamed, freeRunningList, type KernelConfig, kernelChoices } from '../../kernel/config.js';
import { DEFAULT_FREE_LIST, FREE_RUNNING_LIST } from '../../kernel/memory/free-lists.js';
import { NPROC } from '../../kernel/params.js';
import { UsageError } from '../app/usage-error.js';
import { MAX_HARTS, MEMORY_LIMITS } from '../memory/map.js';
import { DEFAULT_ENGINE, type EngineChoice, parseEngine } from '../translator/engines.js';
import { LEAST_THRESHOLD } from '../translator/translator.js';
import { wholeNumber } from './arguments.js';
import { withKernelOptions } from './kernel-options.js';

/** Options that every command with a machine has. */
export interface HardwareOptions {
  readonly harts: number;
  readonly memory: number;
  readonly engine?: EngineChoice;
  readonly json?: boolean;
}

/** And those of every command with a hosted one. */
export interface MachineOptions extends HardwareOptions {
  readonly design?: string;
  readonly form: string;
  readonly bug?: string;
  readonly lock?: string;
  readonly refs?: string;
  readonly freelist?: string;
  readonly processes: number;
}

/** The kernel that the options ask for, to run freely. Throws BootError for what does not go together. */
export function kernelConfig({ design, form, bug, processes, ...options }: MachineOptions): KernelConfig {
  const chosen = { design: chosenDesign(design, bug), form: formNamed(form), bug: bug ?? null };
  const freelist = options.freelist ?? freeRunningList({ ...chosen, ...kernelChoices(options) });
  return { ...chosen, ...kernelChoices({ ...options, freelist }), processes };
}

/** As `freeRunningList` chooses it. */
const FREE_LIST = `${FREE_RUNNING_LIST.name}; ${DEFAULT_FREE_LIST.name} with a bug that is not in another, or a design that counts under its lock`;

/** A command that makes a machine under the hosted kernel; the choices come from the code's own declarations. */
export function machineCommand(name: string, defaults: { harts: number }): Command {
  return withHardwareOptions(withKernelOptions(new Command(name), FREE_LIST), defaults).addOption(
    new Option('--processes <number>', 'slots in the process table')
      .argParser(wholeNumber('--processes', NPROC))
      .default(NPROC.default),
  );
}

/** What every machine has, whatever runs on it. */
export function withHardwareOptions(command: Command, defaults: { harts: number }): Command {
  return command
    .addOption(
      new Option('-n, --harts <number>', 'harts, each a thread of its own')
        .argParser(wholeNumber('--harts', { min: 1, max: MAX_HARTS }))
        .default(defaults.harts),
    )
    .addOption(
      new Option('-m, --memory <MiB>', 'RAM of the machine')
        .argParser(wholeNumber('--memory', MEMORY_LIMITS))
        .default(MEMORY_LIMITS.default),
    )
    .addOption(
      new Option('--engine <name>', 'interpreter, translator, or translator:N: translates what was jumped to N times')
        .argParser(engine)
        .env('HARTBREAK_ENGINE')
        .default(undefined, DEFAULT_ENGINE.name),
    )
    .option('--json', 'print one JSON object and nothing else');
}

function engine(text: string): EngineChoice {
  const choice = parseEngine(text);
  if (choice === undefined)
    throw new UsageError(
      `there is no engine '${text}'; choose interpreter, translator, or translator:N with N from ${LEAST_THRESHOLD} up`,
    );
  return choice;
}
