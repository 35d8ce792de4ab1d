import { readFileSync } from 'node:fs';
import type { HostedConfig } from '../../kernel/scenarios/hosted-config.js';
import type { FoundFailure } from '../explore/explorer.js';
import type { CampaignChoice, Target } from './campaign-choice.js';
import { UsageError } from './usage-error.js';

/** Changes when a campaign of an older version can no longer be gone on with. */
const FORMAT = 'hartbreak-campaign/2';

/** A failure that a campaign has met, the first of its signature. */
export interface CampaignFailure {
  readonly subject: HostedConfig;
  readonly strategy: string;
  readonly failure: FoundFailure;
  /** Names of those in which it was met, this one first. */
  readonly scenarios: readonly string[];
}

/** A scenario that the kernel is too broken for. */
export interface NotSetUp {
  readonly subject: HostedConfig;
  readonly why: string;
}

/** How far one target has come. */
export interface TargetState {
  readonly bug: string | null;
  /** Number of the next piece of work in the endless row of them. */
  pieces: number;
  schedules: number;
  /** Schedules until harm was done, with that one, or until it could not even be set up; null: none was. */
  found: number | null;
  /** By design. */
  readonly done: Record<string, { pieces: number; schedules: number }>;
  failures: CampaignFailure[];
  notSetUp: NotSetUp[];
}

/** How far a campaign has come: what it takes to go on with it. */
export interface CampaignState {
  readonly format: typeof FORMAT;
  /** Of the package: another one has other kernels and scenarios. */
  readonly version: string;
  readonly choice: CampaignChoice;
  /** Spent so far, over all sessions. */
  seconds: number;
  readonly targets: TargetState[];
}

export function beginning(choice: CampaignChoice, version: string, targets: readonly Target[]): CampaignState {
  return {
    format: FORMAT,
    version,
    choice,
    seconds: 0,
    targets: targets.map(({ bug }) => ({
      bug,
      pieces: 0,
      schedules: 0,
      found: null,
      done: {},
      failures: [],
      notSetUp: [],
    })),
  };
}

/**
 * The state that was saved there, of a campaign with this choice. Throws UsageError with one line when it cannot be read,
 * or is of another campaign or version.
 */
export function readState(path: string, choice: CampaignChoice, version: string): CampaignState {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new UsageError(`cannot go on with the campaign of ${path}: ${why}; give --state another file`);
  }
  if (!isRecord(value) || value.format !== FORMAT)
    throw new UsageError(`${path} holds no campaign; give --state another file`);
  if (value.version !== version)
    throw new UsageError(
      `the campaign of ${path} was begun by version ${value.version}, and this is ${version}; give --state another file`,
    );
  const parted = Object.keys(choice).find((key) => !isSame(value.choice, choice, key as keyof CampaignChoice));
  if (parted !== undefined)
    throw new UsageError(
      `the campaign of ${path} was begun with other ${parted}; give the same as then, or --state another file`,
    );
  if (!isSound(value)) throw new UsageError(`${path} is damaged; give --state another file`);
  return value;
}

function isSame(of: unknown, choice: CampaignChoice, key: keyof CampaignChoice): boolean {
  return isRecord(of) && JSON.stringify(of[key]) === JSON.stringify(choice[key]);
}

function isSound(value: Record<string, unknown>): value is Record<string, unknown> & CampaignState {
  const { seconds, targets } = value;
  return (
    typeof seconds === 'number' &&
    Array.isArray(targets) &&
    targets.every(
      (target) =>
        isRecord(target) &&
        Number.isSafeInteger(target.pieces) &&
        Number.isSafeInteger(target.schedules) &&
        (target.found === null || Number.isSafeInteger(target.found)) &&
        isRecord(target.done) &&
        Array.isArray(target.failures) &&
        Array.isArray(target.notSetUp),
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
