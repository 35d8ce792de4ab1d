import { type Command, Option } from 'commander';
import { loadProfile } from '../app/load-profile.js';
import { type Profile, roles } from '../guest/profile.js';
import { collecting } from './arguments.js';

export interface ProfileOptions {
  readonly profile?: string;
  readonly role: readonly string[];
}

/** Options of commands with a kernel image that say which of its functions mean what. */
export function withProfileOptions(command: Command): Command {
  return command
    .option('--profile <file>', 'with --kernel: which of its functions mean what, a JSON file; see src/guest/README.md')
    .addOption(
      new Option('--role <role=names>', `with --kernel: one role of that, as free=put_page:1; ${roles.join(', ')}`)
        .argParser(collecting<readonly string[]>((text, before = []) => [...before, text]))
        .default([], 'those of xv6'),
    );
}

/** Throws UsageError for a damaged one. */
export function chosenProfile({ profile, role }: ProfileOptions): Profile {
  return loadProfile({ file: profile, roles: role });
}
