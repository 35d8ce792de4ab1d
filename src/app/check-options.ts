import { MAX_HARTS, MEMORY_LIMITS } from '../memory/map.js';
import { STEP_LIMITS } from '../schedule/schedule-block.js';
import type { CheckOptions } from './check.js';

interface Limits {
  readonly min: number;
  readonly max: number;
}

/** Of the options that are whole numbers; the command line has the same. */
export const NUMBER_LIMITS = {
  schedules: { min: 1, max: 1_000_000_000 },
  seed: { min: 0, max: 2 ** 31 },
  bound: { min: 0, max: 10 },
  harts: { min: 1, max: MAX_HARTS },
  memory: MEMORY_LIMITS,
  stepLimit: STEP_LIMITS,
  machines: { min: 1, max: 64 },
  explain: { min: 0, max: Number.MAX_SAFE_INTEGER },
} as const satisfies Partial<Record<keyof CheckOptions, Limits>>;

/** What else there is. Every option has to stand here or among the numbers: the compiler sees to it. */
const OTHERS: Readonly<Record<Exclude<keyof CheckOptions, keyof typeof NUMBER_LIMITS>, true>> = {
  design: true,
  form: true,
  bug: true,
  lock: true,
  refs: true,
  freelist: true,
  strategy: true,
  seconds: true,
  observers: true,
  oracle: true,
  classes: true,
  stopAtHarm: true,
  plugins: true,
  signal: true,
  progress: true,
  found: true,
};

/** Throws RangeError for an option that there is not, and for a number that is none or out of its limits. */
export function refuseOptions(options: CheckOptions): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const limits: Limits | undefined = (NUMBER_LIMITS as Record<string, Limits>)[name];
    if (limits !== undefined) refuseNumber(name, value, limits);
    else if (!Object.hasOwn(OTHERS, name))
      throw new RangeError(
        `there is no option '${name}'; there are: ${[...Object.keys(OTHERS), ...Object.keys(NUMBER_LIMITS)].toSorted().join(', ')}`,
      );
  }
  const { seconds } = options;
  if (seconds !== undefined && !(typeof seconds === 'number' && seconds > 0))
    throw new RangeError(`seconds must be a number above 0, not ${seconds}`);
}

function refuseNumber(name: string, value: unknown, { min, max }: Limits): void {
  if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max)
    throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}
