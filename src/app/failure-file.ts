import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Anchor } from '../explore/anchors.js';
import type { SubjectChoice } from '../explore/subject.js';
import type { Plan } from '../schedule/plan.js';
import { STEP_LIMITS } from '../schedule/schedule-block.js';
import type { CheckFailure, FoundIn } from './explore-subject.js';
import { UsageError } from './usage-error.js';

/** Changes when a file of an older version can no longer be replayed. */
const FORMAT = 'hartbreak-failure/2';
const ANOTHER = 'choose another --out';

/** A failure on disk: everything that it takes to make it happen again, and what to expect. */
export interface FailureFile {
  readonly format: typeof FORMAT;
  /** Of the package that found it. */
  readonly version: string;
  /** What fails, in words. */
  readonly title: string;
  /** The same as a part of the file's name. */
  readonly label: string;
  readonly subject: SubjectChoice;
  /** Modules of somebody else's that it takes: file URLs. */
  readonly plugins: readonly string[];
  readonly stepLimit: number;
  /** How it was found. */
  readonly strategy: string;
  readonly seed: number;
  readonly schedule: number;
  readonly kind: string;
  /** What it is known by, however it is worded (`signatureOf`). */
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

export function failureFileOf(from: FoundIn, failure: CheckFailure, version: string): FailureFile {
  const { title, label, subject, plugins, stepLimit, strategy, seed } = from;
  const { schedule, kind, signature, summary, harm, explanation } = failure;
  return {
    ...{ format: FORMAT, version, title, label, subject, plugins, stepLimit, strategy, seed, schedule },
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

/**
 * Saves the failure in the folder, which is made if need be, in the place of the same failure if that is there: a schedule
 * may have several of one kind, and each has its file. The path. Throws UsageError when that cannot be.
 */
export function saveFailure(folder: string, file: FailureFile): string {
  const { label, kind, schedule } = file;
  makeFolder(folder);
  const name = join(folder, `${label}-${kind}-${schedule}`);
  let path = `${name}.json`;
  for (let other = 2; existsSync(path) && !isAbout(path, file); other++) path = `${name}-${other}.json`;
  return writeFailure(path, file);
}

/** Throws UsageError when failures cannot be saved in the folder, as far as that can be told without making it. */
export function refuseFolder(folder: string): void {
  let path = resolve(folder);
  while (!existsSync(path)) path = dirname(path);
  if (!statSync(path).isDirectory())
    throw new UsageError(`cannot save failures in ${folder}: ${path} is no folder; ${ANOTHER}`);
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new UsageError(`cannot save failures in ${folder}: ${(error as Error).message}; ${ANOTHER}`);
  }
}

/** Throws UsageError when the folder is not there and cannot be made. */
function makeFolder(folder: string): void {
  const path = resolve(folder);
  try {
    if (existsSync(path)) return;
    // One by one: Node's `recursive` tries for ever where a folder can have no entries, as in /proc.
    if (dirname(path) !== path) makeFolder(dirname(path));
    mkdirSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    // Somebody else was quicker.
    if (existsSync(path)) return;
    throw new UsageError(`cannot save failures in ${path}: ${(error as Error).message}; ${ANOTHER}`);
  }
}

/** Whether the file is one of the same failure; what cannot be read is somebody else's. */
function isAbout(path: string, { signature }: FailureFile): boolean {
  try {
    return readFailure(path).signature === signature;
  } catch (error) {
    if (error instanceof UsageError) return false;
    throw error;
  }
}

/** Saves the failure under this path, which it gives back: whole or not at all. Throws UsageError when that cannot be. */
export function writeFailure(path: string, file: FailureFile): string {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    writeFileSync(temporary, `${JSON.stringify(file, undefined, 2)}\n`);
    renameSync(temporary, path);
  } catch (error) {
    if (existsSync(temporary)) rmSync(temporary);
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
  const texts = ['version', 'title', 'label', 'strategy', 'kind', 'signature', 'summary'];
  const numbers = ['seed', 'schedule', 'preemptions'];
  const limited = { stepLimit: STEP_LIMITS };
  const wrong =
    texts.find((key) => typeof value[key] !== 'string') ??
    numbers.find((key) => !isCount(value[key])) ??
    Object.entries(limited).find(([key, limits]) => !isWithin(value[key], limits))?.[0] ??
    ['harmful', 'minimal'].find((key) => typeof value[key] !== 'boolean') ??
    (value.memoryHash === null || typeof value.memoryHash === 'string' ? undefined : 'memoryHash') ??
    (isRecord(value.subject) && typeof value.subject.kind === 'string' ? undefined : 'subject') ??
    (isListOfTexts(value.plugins) ? undefined : 'plugins') ??
    (isPlan(value.plan) ? undefined : 'plan') ??
    (isAnchors(value.anchors) ? undefined : 'anchors');
  return wrong === undefined ? undefined : `is damaged: its '${wrong}' is missing or wrong; find the failure again`;
}

function isPlan(value: unknown): value is Plan {
  if (!isRecord(value)) return false;
  const { preference, unit, strict, switches, successors = [], answers } = value;
  if (!Array.isArray(preference) || preference.length === 0) return false;
  const isHart = (n: unknown) => isWithin(n, { min: 0, max: preference.length - 1 });
  return (
    preference.every(isHart) &&
    new Set(preference).size === preference.length &&
    unit === 'own' &&
    typeof strict === 'boolean' &&
    isListOf(switches, ({ at, hart, action }) => {
      return isCount(at) && isHart(hart) && isRecord(action) && action.kind === 'to' && isHart(action.hart);
    }) &&
    Array.isArray(successors) &&
    successors.every(isHart) &&
    isListOf(answers, (entry) => ['question', 'nth', 'answer'].every((key) => isCount(entry[key])))
  );
}

function isAnchors(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    isListOf(
      value.filter((anchor) => anchor !== null),
      ({ hart, access, nth }) => isCount(hart) && typeof access === 'string' && isCount(nth),
    )
  );
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}

function isListOf(value: unknown, isOne: (entry: Record<string, unknown>) => boolean): boolean {
  return Array.isArray(value) && value.every((entry) => isRecord(entry) && isOne(entry));
}

function isCount(value: unknown): boolean {
  return isWithin(value, { min: 0, max: Number.MAX_SAFE_INTEGER });
}

function isWithin(value: unknown, { min, max }: { readonly min: number; readonly max: number }): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
