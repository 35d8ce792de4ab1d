import { type NamedFunction, type Profile, ProfileError, type Role, roles } from './profile.js';

const FUNCTION = /^([A-Za-z_.$][\w.$]*)(?::([0-7]))?$/;
const HOW_TO_NAME = 'a function is written as kfree, or as put_page:1 where its second argument is meant';
const KNOWN = `known are ${roles.join(', ')}`;

/**
 * Reads a profile file over another profile: what the file does not name stays as it is.
 *
 * @param text JSON: `{ "free": "put_page:1", "allocate": ["get_page", "get_zeroed_page"], "idle": [] }`
 * Throws `ProfileError`, and nothing else, on anything that is no such file.
 */
export function parseProfile(text: string, base: Profile): Profile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ProfileError(`it is not JSON (${error.message.replaceAll(/\s+/g, ' ')})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ProfileError(`it is not an object from roles to functions; ${KNOWN}`);
  const profile: Record<Role, readonly NamedFunction[]> = { ...base };
  for (const [role, names] of Object.entries(value)) profile[checkRole(role)] = parseFunctions(role, names);
  return profile;
}

/** One role over a profile, as an option gives it: `free=put_page:1`, `allocate=get_page,get_zeroed_page`, `idle=` for none. Throws `ProfileError`. */
export function parseRole(text: string, base: Profile): Profile {
  const equals = text.indexOf('=');
  if (equals < 0) throw new ProfileError(`'${text}' gives no function to a role; write it as free=kfree`);
  const names = text.slice(equals + 1);
  const role = checkRole(text.slice(0, equals));
  return { ...base, [role]: names === '' ? [] : parseFunctions(role, names.split(',')) };
}

function checkRole(name: string): Role {
  const role = roles.find((known) => known === name);
  if (role === undefined) throw new ProfileError(`it has no role '${name}'; ${KNOWN}`);
  return role;
}

function parseFunctions(role: string, value: unknown): NamedFunction[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  return names.map((name) => {
    const match = typeof name === 'string' ? FUNCTION.exec(name) : null;
    if (match?.[1] === undefined)
      throw new ProfileError(`of ${role}, ${JSON.stringify(name)} is no function's name; ${HOW_TO_NAME}`);
    return { name: match[1], argument: Number(match[2] ?? 0) };
  });
}

/** How a profile is written into a file, every role of it. */
export function formatProfile(profile: Profile): string {
  const lines = roles.map((role) => {
    const names = profile[role].map(({ name, argument }) => (argument === 0 ? name : `${name}:${argument}`));
    return `  ${JSON.stringify(role)}: ${JSON.stringify(names)}`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}
