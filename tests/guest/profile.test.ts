import { describe, expect, it } from 'vitest';
import { fitProfile } from '../../src/guest/fit-profile.js';
import { formatProfile, parseProfile, parseRole } from '../../src/guest/parse-profile.js';
import { ProfileError, roles, XV6_PROFILE } from '../../src/guest/profile.js';
import { ProgramSymbols } from '../../src/symbols/program-symbols.js';
import { describedProgram } from '../support/described-program.js';

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ProfileError);
    const { message } = error as ProfileError;
    expect(message).not.toContain('\n');
    return message;
  }
  return 'taken';
}

describe('a profile file', () => {
  it('replaces the roles that it names, and leaves the others', () => {
    const profile = parseProfile('{ "free": "put_page:1", "allocate": ["get_page", "grab"], "idle": [] }', XV6_PROFILE);
    expect(profile).toEqual({
      ...XV6_PROFILE,
      free: [{ name: 'put_page', argument: 1 }],
      allocate: [
        { name: 'get_page', argument: 0 },
        { name: 'grab', argument: 0 },
      ],
      idle: [],
    });
  });

  it('is what is written', () => {
    const changed = parseRole('free=put_page:7,kfree', XV6_PROFILE);
    for (const profile of [XV6_PROFILE, changed, parseRole('idle=', changed)])
      expect(parseProfile(formatProfile(profile), parseRole('panic=nothing', XV6_PROFILE))).toEqual(profile);
  });

  it.each([
    ['{', /^it is not JSON \(/],
    ['', /^it is not JSON \(/],
    [
      '[]',
      /^it is not an object from roles to functions; known are acquire, release, allocate, free, panic, idle, fill, copy$/,
    ],
    ['null', /^it is not an object/],
    ['3', /^it is not an object/],
    ['{ "lock": "acquire" }', /^it has no role 'lock'; known are acquire, release/],
    ['{ "__proto__": "acquire" }', /^it has no role '__proto__'/],
    ['{ "free": 3 }', /^of free, 3 is no function's name; a function is written as kfree, or as put_page:1/],
    ['{ "free": null }', /^of free, null is no function's name/],
    ['{ "free": ["kfree", "k free"] }', /^of free, "k free" is no function's name/],
    ['{ "free": "kfree:8" }', /^of free, "kfree:8" is no function's name/],
    ['{ "free": "" }', /^of free, "" is no function's name/],
  ])('%s is refused', (text, message) => {
    expect(refusal(() => parseProfile(text, XV6_PROFILE))).toMatch(message);
  });
});

describe('an option', () => {
  it('replaces one role', () => {
    expect(parseRole('acquire=lock,trylock:2', XV6_PROFILE).acquire).toEqual([
      { name: 'lock', argument: 0 },
      { name: 'trylock', argument: 2 },
    ]);
    expect(parseRole('panic=', XV6_PROFILE)).toEqual({ ...XV6_PROFILE, panic: [] });
  });

  it('is refused in one line', () => {
    expect(refusal(() => parseRole('kfree', XV6_PROFILE))).toBe(
      "'kfree' gives no function to a role; write it as free=kfree",
    );
    expect(refusal(() => parseRole('frees=kfree', XV6_PROFILE))).toMatch(/^it has no role 'frees'/);
    expect(refusal(() => parseRole('free=kfree,', XV6_PROFILE))).toMatch(/^of free, "" is no function's name/);
  });
});

describe('a profile on a kernel', () => {
  const { symbols } = new ProgramSymbols(describedProgram('symbols-only'));

  it('finds the functions by their symbols, and says in one line which it has not found', () => {
    const fitted = fitProfile(parseRole('idle=sum:1,main', XV6_PROFILE), symbols);
    const acquire = symbols.find((s) => s.name === 'acquire');
    expect(fitted.functions.map(({ role, name, argument }) => `${role} ${name} ${argument}`)).toEqual([
      'acquire acquire 0',
      'idle sum 1',
      'idle main 0',
    ]);
    expect(fitted.functions[0]).toMatchObject({ address: acquire?.address, size: acquire?.size });
    expect(fitted.missing).toBe(
      'the kernel has no release (release), kalloc (allocate), kfree (free), panic (panic), memset (fill), memmove (copy), memcpy (copy)',
    );
  });

  it('finds every function of a name, and no variable', () => {
    const twice = [...symbols, { name: 'acquire', address: 0x80000100, size: 4, kind: 'function' as const }];
    expect(fitProfile(XV6_PROFILE, twice).functions).toHaveLength(2);
    const variable = parseRole('free=kmem', XV6_PROFILE);
    expect(fitProfile(variable, symbols).missing).toContain('kmem (free)');
  });

  it('has nothing to say where everything is there', () => {
    const all = roles.reduce((profile, role) => parseRole(`${role}=main`, profile), XV6_PROFILE);
    expect(fitProfile(all, symbols)).toMatchObject({ missing: undefined });
  });

  it('is refused where it fits nothing, and where the kernel has no symbols', () => {
    const none = parseRole('acquire=lock', XV6_PROFILE);
    expect(refusal(() => fitProfile(none, symbols))).toMatch(
      /^the kernel has none of the profile's functions: lock \(acquire\), release \(release\), .*; give those it has$/,
    );
    const stripped = new ProgramSymbols(describedProgram('stripped')).symbols;
    expect(refusal(() => fitProfile(XV6_PROFILE, stripped))).toMatch(/^the kernel has no symbols/);
  });
});
