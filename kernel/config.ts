import type { ProgramImage } from '../src/hart/program-image.js';
import type { MemoryMap } from '../src/memory/map.js';
import { type Abi, abis, DEFAULT_ABI } from './abi.js';
import type { Bug } from './bugs/bug.js';
import { bugs } from './bugs/bugs.js';
import { BootError } from './kernel-panic.js';
import { type KernelLayout, kernelLayout } from './layout.js';
import { DEFAULT_LOCK, lockFamilies } from './locks/families.js';
import type { LockFamily } from './locks/lock.js';
import type { FreeListKind } from './memory/free-list.js';
import { DEFAULT_FREE_LIST, FREE_RUNNING_LIST, freeLists } from './memory/free-lists.js';
import { oneFreeList } from './memory/one-free-list.js';
import { noSuch } from './names.js';
import type { CountingScheme } from './page-sharing/counts/counting-scheme.js';
import { countingSchemes, OWN_COUNTS, refsChoices } from './page-sharing/counts/schemes.js';
import { DEFAULT_DESIGN, designs } from './page-sharing/designs.js';
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
  /** How the design's counts are kept: `own`, or the name of a counting scheme; not given: the bug's if it is one of a scheme, else `own`. */
  readonly refs?: string;
  /** Name of a way to keep the free frames; not given: the bug's if it is one of them, else the default. */
  readonly freelist?: string;
  /** Name of the interface that user programs expect; not given: the default. */
  readonly abi?: string;
  /** Slots in the process table. */
  readonly processes: number;
  /** Blocks of the disk; a machine without a disk has none. */
  readonly diskBlocks?: number;
}

/** What has a default of its own, or the bug's, and is left out where it was not chosen. */
export type KernelChoices = Pick<KernelConfig, 'lock' | 'refs' | 'freelist' | 'abi'>;

/** Those of them that were chosen. */
export function kernelChoices({ lock, refs, freelist, abi }: Asked<KernelChoices>): KernelChoices {
  return {
    ...(lock !== undefined && { lock }),
    ...(refs !== undefined && { refs }),
    ...(freelist !== undefined && { freelist }),
    ...(abi !== undefined && { abi }),
  };
}
type Asked<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** The design that is asked for, else the first that the bug is in, else the default. Throws BootError for a name that no bug has. */
export function chosenDesign(asked: string | undefined, bug: string | null | undefined): string {
  if (asked !== undefined) return asked;
  return bug === null || bug === undefined ? DEFAULT_DESIGN.name : bugNamed(bug).designs[0]!;
}

/** Throws BootError for a name that no design has. */
export function designNamed(name: string): SharingDesign {
  return named('design', designs, name);
}

/** Throws BootError for a name that no form has. */
export function formNamed(name: string): FormName {
  return named('form', FORMS, name).name;
}

/**
 * The design in its form, with its counts as they are kept. Throws BootError for names that nothing has, and for counts
 * that can be kept in the design's own way alone.
 */
export function formOf(kernel: Pick<KernelConfig, 'design' | 'form' | 'bug' | 'refs'>): DesignForm {
  const { name, forms, countedBy } = designNamed(kernel.design);
  const form = formNamed(kernel.form);
  const scheme = countingSchemeOf(kernel);
  if (scheme === undefined) return forms[form];
  if (countedBy === undefined) {
    const able = designs.filter((design) => design.countedBy !== undefined).map((design) => design.name);
    throw new BootError(
      `the design '${name}' has no counts that could be kept by '${scheme.name}'; those of ${able.join(', ')} can`,
    );
  }
  if (form !== 'sound')
    throw new BootError(
      `the form '${form}' counts as its author did; leave it out, or the counting scheme '${scheme.name}'`,
    );
  return countedBy(scheme);
}
const FORMS = formNames.map((name) => ({ name }));

/** Throws BootError for a name that no bug has. */
export function bugNamed(name: string): Bug {
  return named('bug', bugs, name);
}

/** The family that every lock is of. Throws BootError for names that nothing has, and for a bug of another family's. */
export function lockFamilyOf({ lock, bug }: Pick<KernelConfig, 'lock' | 'bug'>): LockFamily {
  const needed = bug === null ? undefined : bugNamed(bug).lock;
  return named('lock', lockFamilies, agreed('lock', 'locks', lock, needed, bug) ?? DEFAULT_LOCK.name);
}

/** How the counts are kept; undefined: in the design's own way. Throws BootError as `lockFamilyOf` does. */
export function countingSchemeOf({ refs, bug }: Pick<KernelConfig, 'refs' | 'bug'>): CountingScheme | undefined {
  const needed = bug === null ? undefined : bugNamed(bug).refs;
  const name = agreed('counting scheme', 'counts', refs, needed, bug) ?? OWN_COUNTS.name;
  named('counting scheme', refsChoices, name);
  return countingSchemes.find((scheme) => scheme.name === name);
}

/** How the free frames are kept. Throws BootError as `lockFamilyOf` does. */
export function freeListOf({ freelist, bug }: Pick<KernelConfig, 'freelist' | 'bug'>): FreeListKind {
  const needed = bug === null ? undefined : bugNamed(bug).freelist;
  return named(
    'free list',
    freeLists,
    agreed('free list', 'free lists', freelist, needed, bug) ?? DEFAULT_FREE_LIST.name,
  );
}

/**
 * What a machine that runs freely is given where nobody chose a free list; undefined: as anywhere else. A bug may need
 * that what is freed here is taken there, and some designs count under the lock of the one list. Throws BootError as
 * `formOf` does.
 */
export function freeRunningList(kernel: Pick<KernelConfig, 'design' | 'form' | 'bug' | 'refs'>): string | undefined {
  return kernel.bug === null && formOf(kernel).oneFreeList !== true ? FREE_RUNNING_LIST.name : undefined;
}

/** The interface that user programs expect. Throws BootError for a name that none has. */
export function abiOf({ abi }: Pick<KernelConfig, 'abi'>): Abi {
  return named('interface', abis, abi ?? DEFAULT_ABI.name);
}

/** What is asked for, or else what the bug needs. Throws BootError when those are two. */
function agreed(
  kind: string,
  kinds: string,
  asked: string | undefined,
  needed: string | undefined,
  bug: string | null,
): string | undefined {
  if (asked !== undefined && needed !== undefined && asked !== needed)
    throw new BootError(`the bug '${bug}' is one of ${needed} ${kinds}; the ${kind} '${asked}' cannot have it`);
  return asked ?? needed;
}

function named<T extends { readonly name: string }>(kind: string, all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined)
    throw new BootError(
      noSuch(
        kind,
        name,
        all.map((one) => one.name),
      ),
    );
  return found;
}

/** The layout of this kernel in a machine's memory. Throws BootError as `kernelLayout` does. */
export function kernelLayoutOf(config: KernelConfig, map: MemoryMap): KernelLayout {
  const { processes, diskBlocks = 0, bug } = config;
  const harts = map.harts.length;
  const extra = bug === null ? undefined : bugNamed(bug).reserve;
  return kernelLayout(
    { harts, processes, freeLists: freeListOf(config).lists(harts), diskBlocks, physTop: map.physTop },
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

/** The parts of this kernel, its bug included. Throws BootError for what does not go together. */
export function partsOf(config: KernelConfig): KernelParts {
  const form = formOf(config);
  const freeList = freeListOf(config);
  if (form.oneFreeList === true && freeList !== oneFreeList)
    throw new BootError(
      `the design '${config.design}' guards its own counts by the lock of the one free list; choose a counting scheme, or the free list '${oneFreeList.name}'`,
    );
  const parts = partsWith(form, lockFamilyOf(config), freeList);
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
  const changed = bug.change(parts);
  if (parts.counting !== undefined && changed.Sharing !== parts.Sharing)
    throw new BootError(
      `the bug '${bug.name}' is one of the design's own counts; leave out the counting scheme '${parts.counting.name}' or the bug`,
    );
  return changed;
}
