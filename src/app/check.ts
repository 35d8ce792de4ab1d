import { countingSchemeOf, freeListOf, lockFamilyOf } from '../../kernel/config.js';
import { OWN_COUNTS } from '../../kernel/page-sharing/counts/schemes.js';
import { HOSTED } from '../../kernel/scenarios/hosted.js';
import { hostedConfig, hostedLabel, hostedTitle } from '../../kernel/scenarios/hosted-config.js';
import { scenarioNamed } from '../../kernel/scenarios/scenarios.js';
import { refuseOptions } from './check-options.js';
import { type ExploredResult, type ExploreOptions, exploreSubject, pluginsOf } from './explore-subject.js';

export type { CheckFailure, CheckProgress } from './explore-subject.js';
export { CHECK_DEFAULTS, EXHAUSTIVE } from './explore-subject.js';

/** How to explore. Everything has a default. */
export interface CheckOptions extends ExploreOptions {
  /** Not given: the first that the bug is in, else the default. */
  readonly design?: string;
  readonly form?: string;
  readonly bug?: string | null;
  /** Family of every lock of the kernel; not given: the one that the bug is in, else the default. */
  readonly lock?: string;
  /** How the design's counts are kept: `own`, or a counting scheme; not given: the one that the bug is in, else `own`. */
  readonly refs?: string;
  /** How the free frames are kept; not given: the way that the bug is in, else the default. */
  readonly freelist?: string;
  /** Of a scenario with a program; the others have as many as they have. */
  readonly harts?: number;
  /** RAM of the machine in MiB. */
  readonly memory?: number;
}

export interface CheckResult extends ExploredResult {
  readonly scenario: string;
  readonly design: string;
  readonly form: string;
  readonly bug: string | null;
  readonly lock: string;
  readonly refs: string;
  readonly freelist: string;
}

/**
 * Explores schedules of a scenario and explains the failures that it finds.
 * Throws BootError or RangeError for names that nothing has, RangeError for numbers that no run can have, BootError for a bug that the design cannot have, and SubjectError for
 * a plugin that cannot be used.
 */
export async function check(scenario: string, options: CheckOptions = {}): Promise<CheckResult> {
  refuseOptions(options);
  await pluginsOf(options);
  const config = hostedConfig({ ...options, scenario });
  const { harts, kernel, memory } = config;
  const result = await exploreSubject(
    {
      ...{ title: hostedTitle(config), label: hostedLabel(config), subject: { kind: HOSTED, config }, harts, memory },
      oracle: scenarioNamed(scenario).oracle === true,
    },
    options,
  );
  const { design, form, bug } = kernel;
  return {
    ...result,
    ...{ scenario, design, form, bug },
    lock: lockFamilyOf(kernel).name,
    refs: (countingSchemeOf(kernel) ?? OWN_COUNTS).name,
    freelist: freeListOf(kernel).name,
  };
}
