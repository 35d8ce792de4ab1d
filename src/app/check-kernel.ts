import { availableParallelism } from 'node:os';
import { GUEST } from '../guest/guest.js';
import { type GuestConfig, guestFile } from '../guest/guest-config.js';
import { guestLabel, guestTitle } from '../guest/guest-subject.js';
import { kernelScenarioNamed } from '../guest/kernel-scenarios.js';
import { formatProfile } from '../guest/parse-profile.js';
import { type Profile, XV6_PROFILE } from '../guest/profile.js';
import { MEMORY_LIMITS } from '../memory/map.js';
import { refuseOptions } from './check-options.js';
import { type ExploredResult, type ExploreOptions, exploreSubject } from './explore-subject.js';
import { loadKernel } from './load-kernel.js';
import { profileOf } from './load-profile.js';
import { UsageError } from './usage-error.js';

/** A kernel image of somebody else's, and what runs on it: a line that is typed at its shell's prompt, or a kernel scenario. */
export interface KernelChoice {
  /** Path of a RISC-V kernel (ELF64, static), as `hartbreak boot` takes it. */
  readonly kernel: string;
  /** Path of an image of its disk; runs leave it as it is. */
  readonly disk?: string | undefined;
  /** Version of the disk's transport: 2, or 1 for kernels of 2021 and before. */
  readonly virtio?: GuestConfig['virtio'] | undefined;
  /** The line; what it starts is what runs under control, until the next prompt. With a scenario: `echo`, or what the kernel has. */
  readonly exec?: string | undefined;
  /** A small program of ours (`kernelScenarios`) in the place of the one that the line starts. */
  readonly scenario?: string | undefined;
  /** Which of its functions mean what; xv6's when there is none. */
  readonly profile?: Profile | undefined;
  /** Told before the first run, in one line, which functions of the profile the kernel has not got. */
  readonly missing?: ((line: string) => void) | undefined;
  readonly harts?: number | undefined;
  /** RAM in MiB. */
  readonly memory?: number | undefined;
}

export interface KernelResult extends ExploredResult {
  readonly kernel: string;
  readonly disk: string | null;
  readonly exec: string;
  readonly scenario: string | null;
}

/** A program that every xv6 has. */
const CARRIER = 'echo';
/** A whole command of a kernel takes more points than a duel. */
const STEP_LIMIT = 500_000;
const HARTS = 2;

/**
 * Explores schedules of a kernel image: it is booted to its prompt without control, the line is typed, and what the harts then
 * do until the next prompt runs under control, again and again.
 * Throws UsageError or SubjectError for a kernel, a scenario or disk that cannot be used, RangeError for options as `check` does.
 */
export async function checkKernel(choice: KernelChoice, options: ExploreOptions = {}): Promise<KernelResult> {
  const { kernel, disk, virtio = 2, profile = XV6_PROFILE, memory = MEMORY_LIMITS.default } = choice;
  const scenario = choice.scenario === undefined ? null : kernelScenarioNamed(choice.scenario);
  const { harts = scenario?.harts ?? HARTS, exec = scenario === null ? undefined : CARRIER } = choice;
  if (exec === undefined) throw new UsageError('a kernel image wants a line for its prompt, or a scenario');
  refuseOptions({ ...options, harts, memory });
  // For what is wrong with it, in one line; the threads read it again.
  const { missing } = profileOf(kernel, profile, loadKernel(kernel, memory).symbols);
  const config: GuestConfig = {
    kernel: guestFile(kernel),
    disk: disk === undefined ? null : guestFile(disk),
    ...{ virtio, exec, scenario: scenario?.name ?? null, harts, memory },
    profile: profile === XV6_PROFILE ? null : formatProfile(profile),
  };
  if (missing !== undefined) choice.missing?.(missing);
  const what = {
    title: guestTitle(config),
    label: guestLabel(config),
    subject: { kind: GUEST, config },
    harts,
    memory,
    // A hart of a guest has its turn for long, so that handing it over is cheap beside it.
    machines: availableParallelism(),
  };
  const result = await exploreSubject({ ...what, oracle: false }, { stepLimit: STEP_LIMIT, ...options });
  return { ...result, kernel, disk: disk ?? null, exec, scenario: config.scenario };
}
