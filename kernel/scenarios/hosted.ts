import { type MachineShape, SubjectError, type SubjectKind } from '../../src/explore/subject.js';
import { MEMORY_LIMITS } from '../../src/memory/map.js';
import type { SharedMemory } from '../../src/memory/shared-memory.js';
import type { KernelConfig } from '../config.js';
import { BootError } from '../kernel-panic.js';
import { BSIZE, NPROC } from '../params.js';
import { type HostedConfig, hostedConfig } from './hosted-config.js';
import { HostedHart } from './hosted-hart.js';
import { HostedSubject } from './hosted-subject.js';
import { scenarioNamed } from './scenarios.js';
import type { HartParts } from './stage.js';

export const HOSTED = 'hosted';

/** Subjects that are the hosted kernel. @param partsFor what it does not know how to make, for a machine */
export function hostedKind(partsFor: (memory: SharedMemory) => HartParts): SubjectKind<HostedConfig> {
  return {
    kind: HOSTED,
    parse: (value) => refused(() => parse(value)),
    shape: (config) => refused(() => shapeOf(config)),
    open: (config, memory) => refused(() => new HostedSubject(memory, enoughFor(config), partsFor(memory))),
    hart: (config, memory, id, access) =>
      refused(() => new HostedHart(memory, id, enoughFor(config), access, partsFor(memory))),
  };
}

/** A BootError would lose its class on the way from one thread to another. */
function refused<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof BootError) throw new SubjectError(error.message, { cause: error });
    throw error;
  }
}

/** The configuration with all that the scenario needs at least. */
function enoughFor(config: HostedConfig): HostedConfig & { readonly kernel: KernelConfig } {
  const { needs, disk, abi } = scenarioNamed(config.scenario);
  const { memory = 0, processes = 0 } = needs ?? {};
  const diskBlocks = (disk?.length ?? 0) / BSIZE;
  const kernel = {
    ...config.kernel,
    ...(abi !== undefined && { abi }),
    processes: Math.max(processes, config.kernel.processes),
    diskBlocks,
  };
  return { ...config, kernel, memory: Math.max(memory, config.memory) };
}

function shapeOf(config: HostedConfig): MachineShape {
  const { harts, memory } = enoughFor(config);
  return { harts, memory };
}

function parse(value: unknown): HostedConfig {
  const config = record(value, 'config');
  const kernel = record(config.kernel, 'kernel');
  const { scenario, memory, harts } = config;
  const { design, form, bug, lock, refs, freelist, processes } = kernel;
  if (typeof scenario !== 'string') throw wrong('scenario');
  if (typeof design !== 'string') throw wrong('design');
  if (typeof form !== 'string') throw wrong('form');
  if (typeof bug !== 'string' && bug !== null) throw wrong('bug');
  if (typeof lock !== 'string' && lock !== undefined) throw wrong('lock');
  if (typeof refs !== 'string' && refs !== undefined) throw wrong('refs');
  if (typeof freelist !== 'string' && freelist !== undefined) throw wrong('freelist');
  if (!isWithin(memory, MEMORY_LIMITS)) throw wrong('memory');
  if (!isWithin(harts, { min: 1, max: Number.MAX_SAFE_INTEGER })) throw wrong('harts');
  if (!isWithin(processes, NPROC)) throw wrong('processes');
  const known = hostedConfig({ scenario, design, form, bug, lock, refs, freelist, harts, memory });
  return { ...known, kernel: { ...known.kernel, processes } };
}

function wrong(key: string): SubjectError {
  return new SubjectError(`its '${key}' is missing or wrong`);
}

function record(value: unknown, key: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(key);
  return value as Readonly<Record<string, unknown>>;
}

function isWithin(value: unknown, { min, max }: { readonly min: number; readonly max: number }): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}
