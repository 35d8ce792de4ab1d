import type { ProgramImage } from '../src/hart/program-image.js';
import type { MemoryMap } from '../src/memory/map.js';
import type { Bug } from './bugs/bug.js';
import { bugs } from './bugs/bugs.js';
import { BootError } from './kernel-panic.js';
import { type KernelLayout, kernelLayout } from './layout.js';
import { DEFAULT_LOCK, lockFamilies } from './locks/families.js';
import type { LockFamily } from './locks/lock.js';
import { designs } from './page-sharing/designs.js';
import { type DesignForm, type FormName, formNames, type SharingDesign } from './page-sharing/page-sharing.js';
import { type KernelParts, partsWith } from './parts.js';
import { framesToStart } from './process/exec.js';

/** Which kernel: structured-cloneable, equal on every thread. */
export interface KernelConfig {
  /** Name of a page-sharing design. */
  readonly design: string;
  readonly form: FormName;
  /** Name of a bug, or null for none. */
  readonly bug: string | null;
  /** Name of a lock family, for every lock of the kernel; not given: the bug's if it is one of a family, else the default. */
  readonly lock?: string;
  /** Slots in the process table. */
  readonly processes: number;
  /** Blocks of the disk; a machine without a disk has none. */
  readonly diskBlocks?: number;
}

/** Throws BootError for a name that no design has. */
export function designNamed(name: string): SharingDesign {
  return named('design', designs, name);
}

/** Throws BootError for a name that no form has. */
export function formNamed(name: string): FormName {
  return named('form', FORMS, name).name;
}

/** The design in its form. Throws BootError for names that none has. */
export function formOf({ design, form }: Pick<KernelConfig, 'design' | 'form'>): DesignForm {
  return designNamed(design).forms[formNamed(form)];
}
const FORMS = formNames.map((name) => ({ name }));

/** Throws BootError for a name that no bug has. */
export function bugNamed(name: string): Bug {
  return named('bug', bugs, name);
}

/** The family that every lock is of. Throws BootError for names that nothing has, and for a bug of another family's. */
export function lockFamilyOf({ lock, bug }: Pick<KernelConfig, 'lock' | 'bug'>): LockFamily {
  const needed = bug === null ? undefined : bugNamed(bug).lock;
  if (lock !== undefined && needed !== undefined && lock !== needed)
    throw new BootError(`the bug '${bug}' is one of ${needed} locks; the lock '${lock}' cannot have it`);
  return named('lock', lockFamilies, lock ?? needed ?? DEFAULT_LOCK.name);
}

function named<T extends { readonly name: string }>(kind: string, all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined)
    throw new BootError(`there is no ${kind} '${name}'; there are: ${all.map((one) => one.name).join(', ')}`);
  return found;
}

/** The layout of this kernel in a machine's memory. Throws BootError as `kernelLayout` does. */
export function kernelLayoutOf(config: KernelConfig, map: MemoryMap): KernelLayout {
  const { processes, diskBlocks = 0, bug } = config;
  const extra = bug === null ? undefined : bugNamed(bug).reserve;
  return kernelLayout(
    { harts: map.harts.length, processes, diskBlocks, physTop: map.physTop },
    formOf(config).reserve,
    extra,
  );
}

/**
 * What can be known before the machine is built: throws BootError when the configuration is wrong or the memory too small
 * for the kernel and the program, unless that is on the disk.
 */
export function checkBoot(config: KernelConfig, map: MemoryMap, program: ProgramImage | undefined): void {
  partsOf(config);
  const { frames } = kernelLayoutOf(config, map);
  const needed = program === undefined ? 0 : framesToStart(program);
  if (needed > frames)
    throw new BootError(
      `the program takes ${needed} pages of 4 KiB to start, and ${map.config.memory} MiB of memory have ${frames} beside the kernel: give it more memory`,
    );
}

/** The parts of this kernel, its bug included. Throws BootError when the design or the lock cannot have the bug. */
export function partsOf(config: KernelConfig): KernelParts {
  const parts = partsWith(formOf(config), lockFamilyOf(config));
  if (config.bug === null) return parts;
  const bug = bugNamed(config.bug);
  if (!bug.designs.includes(config.design))
    throw new BootError(
      `the bug '${bug.name}' is one of ${bug.designs.join(', ')}; the design '${config.design}' cannot have it`,
    );
  if (config.form !== 'sound')
    throw new BootError(
      `the bug '${bug.name}' is put into a sound design; leave out the form '${config.form}' or the bug`,
    );
  return bug.change(parts);
}
