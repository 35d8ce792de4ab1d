import type { ElfSymbol } from '../symbols/elf-symbols.js';
import { type Profile, ProfileError, type Role, roles } from './profile.js';

/** A function of a kernel that means something. */
export interface KnownFunction {
  readonly role: Role;
  readonly name: string;
  /** Of its first instruction. */
  readonly address: number;
  /** Bytes; 0 where the symbol table does not say. */
  readonly size: number;
  /** Which of its arguments is the lock or frame: 0 to 7, in a0 to a7. */
  readonly argument: number;
}

/** A profile as it fits a kernel. */
export interface FittedProfile {
  readonly functions: readonly KnownFunction[];
  /** One line, or undefined where every function was found. */
  readonly missing: string | undefined;
}

/** Finds the profile's functions in a kernel's symbol table. Throws `ProfileError` when there is not one. */
export function fitProfile(profile: Profile, symbols: readonly ElfSymbol[]): FittedProfile {
  const code = symbols.filter((s) => s.kind !== 'object');
  if (code.length === 0)
    throw new ProfileError('the kernel has no symbols, so none of its functions is known; link it without -s');
  const functions: KnownFunction[] = [];
  const missing: string[] = [];
  for (const role of roles)
    for (const { name, argument } of profile[role]) {
      // Static functions of several files may share a name.
      const found = code.filter((s) => s.name === name);
      if (found.length === 0) missing.push(`${name} (${role})`);
      for (const { address, size } of found) functions.push({ role, name, address, size, argument });
    }
  if (functions.length === 0)
    throw new ProfileError(`the kernel has none of the profile's functions: ${missing.join(', ')}; give those it has`);
  return { functions, missing: missing.length === 0 ? undefined : `the kernel has no ${missing.join(', ')}` };
}

/** A place on a stack: of the innermost function where it stands, of the others where it returns to. */
interface StackPlace {
  readonly pc: number;
}

/** Whether a stack, innermost first, has a function of a role on it. */
export function isInside(stack: readonly StackPlace[], functions: readonly KnownFunction[], role: Role): boolean {
  const known = functions.filter((one) => one.role === role);
  // A call may be a function's last instruction.
  return stack.some(({ pc }, i) => {
    const at = i === 0 ? pc : pc - 1;
    return known.some(({ address, size }) => at >= address && at < address + size);
  });
}
