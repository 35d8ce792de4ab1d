import { type FittedProfile, fitProfile } from '../guest/fit-profile.js';
import { parseProfile, parseRole } from '../guest/parse-profile.js';
import { type Profile, ProfileError, XV6_PROFILE } from '../guest/profile.js';
import type { ProgramSymbols } from '../symbols/program-symbols.js';
import { readFileOf } from './load-program.js';
import { UsageError } from './usage-error.js';

/** Where a profile comes from, over xv6's. */
export interface ProfileChoice {
  /** Path of a JSON file. */
  readonly file?: string | undefined;
  /** Roles over what the file says, as `free=put_page:1`. */
  readonly roles?: readonly string[] | undefined;
}

const HOW_TO_MEND = 'give the path of a profile, a JSON file';

/** Throws UsageError with one line for a file that cannot be read, and for what is no profile. */
export function loadProfile({ file, roles = [] }: ProfileChoice): Profile {
  const base = file === undefined ? XV6_PROFILE : readProfile(file);
  return roles.reduce((profile, role) => orUsage('--role', () => parseRole(role, profile)), base);
}

/** A profile as it fits a kernel. Throws UsageError with one line when it fits nothing of it. */
export function profileOf(kernel: string, profile: Profile, symbols: ProgramSymbols): FittedProfile {
  return orUsage(kernel, () => fitProfile(profile, symbols.symbols));
}

function readProfile(path: string): Profile {
  const text = new TextDecoder().decode(readFileOf(path, HOW_TO_MEND));
  return orUsage(path, () => parseProfile(text, XV6_PROFILE));
}

function orUsage<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof ProfileError) throw new UsageError(`${where}: ${error.message}`);
    throw error;
  }
}
