import {
  chosenDesign,
  countingSchemeOf,
  formNamed,
  freeListOf,
  type KernelChoices,
  type KernelConfig,
  kernelChoices,
  lockFamilyOf,
  partsOf,
} from '../config.js';
import { DEFAULT_LOCK } from '../locks/families.js';
import { DEFAULT_FREE_LIST } from '../memory/free-lists.js';
import { OWN_COUNTS } from '../page-sharing/counts/schemes.js';
import { hartsOf, scenarioNamed } from './scenarios.js';

/** The hosted kernel in a scenario: what failure files and tasks for threads hold of it. */
export interface HostedConfig {
  readonly scenario: string;
  /** As many as `hartsOf` says. */
  readonly harts: number;
  readonly kernel: Pick<KernelConfig, 'design' | 'form' | 'bug' | 'processes'> & KernelChoices;
  /** RAM in MiB. */
  readonly memory: number;
}

/** What is chosen where nothing else is asked for. */
export const HOSTED_DEFAULTS = { form: 'sound', processes: 8, memory: 2 } as const;

/** What can be asked for. */
export interface HostedChoice {
  readonly scenario: string;
  readonly design?: string | undefined;
  readonly form?: string | undefined;
  readonly bug?: string | null | undefined;
  /** Family of every lock; not given: the bug's own, else the default. */
  readonly lock?: string | undefined;
  /** How the design's counts are kept; not given: as the bug needs it, else the design's own way. */
  readonly refs?: string | undefined;
  /** How the free frames are kept; not given: as the bug needs it, else the default. */
  readonly freelist?: string | undefined;
  /** Of a scenario with a program; the others have as many as they have. */
  readonly harts?: number | undefined;
  /** RAM of the machine in MiB. */
  readonly memory?: number | undefined;
}

/** Throws BootError for names that nothing has, or that do not go together. */
export function hostedConfig(choice: HostedChoice): HostedConfig {
  const { scenario, design, form, bug, harts, memory } = choice;
  const kernel = {
    design: chosenDesign(design, bug),
    form: formNamed(form ?? HOSTED_DEFAULTS.form),
    bug: bug ?? null,
    ...kernelChoices(choice),
    processes: HOSTED_DEFAULTS.processes,
  };
  partsOf(kernel);
  const config = { scenario, kernel, memory: memory ?? HOSTED_DEFAULTS.memory };
  return { ...config, harts: hartsOf(scenarioNamed(scenario), harts) };
}

/** `fault-fault, design page-map-lock (sound, lock mcs, refs atomic, bug unlocked-count)`; what is the default is left out. */
export function hostedTitle({ scenario, kernel }: Pick<HostedConfig, 'scenario' | 'kernel'>): string {
  const { design, form, bug } = kernel;
  const unusual = unusualChoices(kernel).map(([option, name]) => `${option} ${name}`);
  return `${scenario}, design ${design} (${[form, ...unusual, ...(bug === null ? [] : [`bug ${bug}`])].join(', ')})`;
}

/** `fault-fault-page-map-lock-unlocked-count`: a part of a file's name. */
export function hostedLabel({ scenario, kernel }: Pick<HostedConfig, 'scenario' | 'kernel'>): string {
  const { design, form, bug } = kernel;
  const unusual = unusualChoices(kernel).map(([, name]) => name);
  return [scenario, design, ...(form === 'sound' ? [] : [form]), ...unusual, ...(bug === null ? [] : [bug])].join('-');
}

/** What is not the default, by option and name. */
export function unusualChoices(kernel: Pick<KernelConfig, 'bug'> & KernelChoices): (readonly [string, string])[] {
  const chosen = [
    ['lock', lockFamilyOf(kernel), DEFAULT_LOCK],
    ['refs', countingSchemeOf(kernel) ?? OWN_COUNTS, OWN_COUNTS],
    ['freelist', freeListOf(kernel), DEFAULT_FREE_LIST],
  ] as const;
  return chosen.flatMap(([option, { name }, usual]) => (name === usual.name ? [] : [[option, name]]));
}
