import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Hunt } from './hunt.js';
import type { MutantVerdict } from './judge-mutant.js';
import type { Place } from './place.js';

const FORMAT = 'hartbreak-mutants/1';

/** How far a run over the mutants has come, as JSON. */
export interface MutantState {
  readonly format: typeof FORMAT;
  /** How each was hunted for. */
  readonly hunt: Omit<Hunt, 'places'>;
  /** Of the kernel and its scenarios as they were when it was found out where what is run. */
  kernel: string;
  /** By the mutant's id. */
  grounds: Record<string, readonly Place[]>;
  verdicts: Record<string, MutantVerdict>;
}

/** @throws Error for a file that holds none, or one of another hunt */
export function readMutantState(path: string | undefined, hunt: MutantState['hunt']): MutantState {
  const fresh: MutantState = { format: FORMAT, hunt, kernel: '', grounds: {}, verdicts: {} };
  if (path === undefined || !existsSync(path)) return fresh;
  const value = JSON.parse(readFileSync(path, 'utf8')) as MutantState;
  if (value.format !== FORMAT) throw new Error(`${path} holds no run over mutants`);
  if (JSON.stringify(value.hunt) !== JSON.stringify(hunt)) throw new Error(`${path} was begun with other options`);
  return value;
}

/** Whole, or not at all. */
export function saveMutantState(path: string | undefined, state: MutantState): void {
  if (path === undefined) return;
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
}

/** Of all that was compiled of the kernel and its scenarios. */
export function kernelDigest(dist: URL): string {
  const hash = createHash('sha256');
  const names = readdirSync(new URL('kernel/', dist), { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((one) => one.endsWith('.js')).toSorted())
    hash.update(name).update(readFileSync(new URL(`kernel/${name}`, dist)));
  return hash.digest('hex');
}
