import { formNamed, type KernelConfig, lockFamilyOf, partsOf } from '../config.js';
import { DEFAULT_LOCK } from '../locks/families.js';
import { hartsOf, scenarioNamed } from './scenarios.js';

/** The hosted kernel in a scenario: what failure files and tasks for threads hold of it. */
export interface HostedConfig {
  readonly scenario: string;
  /** As many as `hartsOf` says. */
  readonly harts: number;
  readonly kernel: Pick<KernelConfig, 'design' | 'form' | 'bug' | 'lock' | 'processes'>;
  /** RAM in MiB. */
  readonly memory: number;
}

/** What is chosen where nothing else is asked for. */
export const HOSTED_DEFAULTS = { design: 'page-map-lock', form: 'sound', processes: 8, memory: 2 } as const;

/** What can be asked for. */
export interface HostedChoice {
  readonly scenario: string;
  readonly design?: string | undefined;
  readonly form?: string | undefined;
  readonly bug?: string | null | undefined;
  /** Family of every lock; not given: the bug's own, else the default. */
  readonly lock?: string | undefined;
  /** Of a scenario with a program; the others have as many as they have. */
  readonly harts?: number | undefined;
  /** RAM of the machine in MiB. */
  readonly memory?: number | undefined;
}

/** Throws BootError for names that nothing has, or that do not go together. */
export function hostedConfig({ scenario, design, form, bug, lock, harts, memory }: HostedChoice): HostedConfig {
  const kernel = {
    design: design ?? HOSTED_DEFAULTS.design,
    form: formNamed(form ?? HOSTED_DEFAULTS.form),
    bug: bug ?? null,
    ...(lock !== undefined && { lock }),
    processes: HOSTED_DEFAULTS.processes,
  };
  partsOf(kernel);
  const config = { scenario, kernel, memory: memory ?? HOSTED_DEFAULTS.memory };
  return { ...config, harts: hartsOf(scenarioNamed(scenario), harts) };
}

/** `fault-fault, design page-map-lock (sound, lock mcs, bug unlocked-count)`; the default lock is left out. */
export function hostedTitle({ scenario, kernel }: Pick<HostedConfig, 'scenario' | 'kernel'>): string {
  const { design, form, bug } = kernel;
  const lock = unusualLock(kernel).map((name) => `lock ${name}`);
  return `${scenario}, design ${design} (${[form, ...lock, ...(bug === null ? [] : [`bug ${bug}`])].join(', ')})`;
}

/** `fault-fault-page-map-lock-unlocked-count`: a part of a file's name. */
export function hostedLabel({ scenario, kernel }: Pick<HostedConfig, 'scenario' | 'kernel'>): string {
  const { design, form, bug } = kernel;
  const unusual = [...(form === 'sound' ? [] : [form]), ...unusualLock(kernel), ...(bug === null ? [] : [bug])];
  return [scenario, design, ...unusual].join('-');
}

/** The lock's name where it is not the default. */
function unusualLock(kernel: HostedConfig['kernel']): string[] {
  const { name } = lockFamilyOf(kernel);
  return name === DEFAULT_LOCK.name ? [] : [name];
}
