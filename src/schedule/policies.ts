import type { Policy, PolicyChoice } from './policy.js';
import { posPolicy } from './pos.js';
import { timed } from './timed.js';

/** Every policy that a plan can name. Add new policies here. */
const policies: readonly Policy[] = [posPolicy, timed];

/** How the shared block names a policy; 0: none. Throws RangeError for a name that no policy has. */
export function policyCode(choice: PolicyChoice | undefined): number {
  if (choice === undefined) return 0;
  const index = policies.findIndex(({ name }) => name === choice.name);
  if (index < 0) throw new RangeError(`there is no policy '${choice.name}'`);
  return index + 1;
}

export function policyOf(code: number): Policy | undefined {
  return code === 0 ? undefined : policies[code - 1];
}
