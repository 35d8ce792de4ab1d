import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Anchor } from '../../kernel/scenarios/anchors.js';
import type { Plan } from '../schedule/plan.js';
import type { CheckFailure, CheckResult } from './check.js';
import { UsageError } from './usage-error.js';

/** Changes when a file of an older version can no longer be replayed. */
const FORMAT = 'hartbreak-failure/1';

/** A failure on disk: everything that it takes to make it happen again, and what to expect. */
export interface FailureFile {
  readonly format: typeof FORMAT;
  /** Of the package that found it. */
  readonly version: string;
  readonly scenario: string;
  readonly design: string;
  readonly form: string;
  readonly bug: string | null;
  readonly memory: number;
  readonly stepLimit: number;
  /** How it was found. */
  readonly strategy: string;
  readonly seed: number;
  readonly schedule: number;
  readonly kind: string;
  readonly signature: string;
  readonly summary: string;
  readonly harmful: boolean;
  readonly preemptions: number;
  readonly minimal: boolean;
  readonly plan: Plan;
  /** What each switch of the plan stands before, in names: by them a replay survives an edit of the kernel. */
  readonly anchors: readonly (Anchor | null)[];
  /** SHA-256 of RAM after the run; null when the failure was not explained. */
  readonly memoryHash: string | null;
}

export function failureFileOf(result: CheckResult, failure: CheckFailure, version: string): FailureFile {
  const { scenario, design, form, bug, memory, stepLimit, strategy, seed } = result;
  const { schedule, kind, signature, summary, harm, explanation } = failure;
  return {
    ...{ format: FORMAT, version, scenario, design, form, bug, memory, stepLimit, strategy, seed, schedule },
    ...{ kind, signature },
    summary: explanation?.summary ?? summary,
    harmful: explanation?.harmful ?? harm,
    preemptions: explanation?.preemptions ?? failure.plan.switches.length,
    minimal: explanation?.minimal ?? false,
    plan: explanation?.plan ?? failure.plan,
    anchors: explanation?.anchors ?? [],
    memoryHash: explanation?.memoryHash ?? null,
  };
}

/** Saves the failure in the folder, which is made if need be. The path. Throws UsageError when that cannot be. */
export function saveFailure(folder: string, file: FailureFile): string {
  const { scenario, design, form, bug, kind, schedule } = file;
  const name = [scenario, design, ...(form === 'sound' ? [] : [form]), ...(bug === null ? [] : [bug]), kind, schedule];
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`cannot save a failure in ${folder}: ${(error as Error).message}; choose another --out`);
  }
  return writeFailure(join(folder, `${name.join('-')}.json`), file);
}

/** Saves the failure under this path, which it gives back. Throws UsageError when that cannot be. */
export function writeFailure(path: string, file: FailureFile): string {
  try {
    writeFileSync(path, `${JSON.stringify(file, undefined, 2)}\n`);
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${(error as Error).message}`);
  }
  return path;
}

/** Throws UsageError with one line when the file is missing, damaged, or of another version. */
export function readFailure(path: string): FailureFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${path} is damaged: it is not JSON; find the failure again with explore`);
  }
  const problem = problemWith(value);
  if (problem !== undefined) throw new UsageError(`${path} ${problem}`);
  return value as FailureFile;
}

/** What is wrong with a value that should be a failure file; undefined: nothing. */
function problemWith(value: unknown): string | undefined {
  if (!isRecord(value) || typeof value.format !== 'string' || !value.format.startsWith('hartbreak-failure/'))
    return 'is no failure file; explore --out writes them';
  if (value.format !== FORMAT)
    return `was written by another version (${value.format}, this one reads ${FORMAT}); find the failure again with explore`;
  const texts = ['version', 'scenario', 'design', 'form', 'strategy', 'kind', 'signature', 'summary'];
  const numbers = ['memory', 'stepLimit', 'seed', 'schedule', 'preemptions'];
  const wrong =
    texts.find((key) => typeof value[key] !== 'string') ??
    numbers.find((key) => !Number.isSafeInteger(value[key])) ??
    (value.bug === null || typeof value.bug === 'string' ? undefined : 'bug') ??
    (isPlan(value.plan) ? undefined : 'plan') ??
    (isAnchors(value.anchors) ? undefined : 'anchors');
  return wrong === undefined ? undefined : `is damaged: its '${wrong}' is missing or wrong; find the failure again`;
}

function isPlan(value: unknown): value is Plan {
  if (!isRecord(value)) return false;
  const { preference, unit, strict, switches, answers } = value;
  const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
  return (
    Array.isArray(preference) &&
    preference.length > 0 &&
    preference.every((hart) => isCount(hart) && hart < preference.length) &&
    new Set(preference).size === preference.length &&
    unit === 'own' &&
    typeof strict === 'boolean' &&
    Array.isArray(switches) &&
    switches.every(
      (entry) =>
        isRecord(entry) &&
        isCount(entry.at) &&
        isCount(entry.hart) &&
        isRecord(entry.action) &&
        entry.action.kind === 'to' &&
        isCount(entry.action.hart) &&
        (entry.action.hart as number) < preference.length,
    ) &&
    Array.isArray(answers) &&
    answers.every((entry) => isRecord(entry) && ['question', 'nth', 'answer'].every((key) => isCount(entry[key])))
  );
}

function isAnchors(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (anchor) =>
        anchor === null ||
        (isRecord(anchor) &&
          Number.isSafeInteger(anchor.hart) &&
          typeof anchor.access === 'string' &&
          Number.isSafeInteger(anchor.nth)),
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
