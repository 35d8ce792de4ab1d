import { expect, it } from 'vitest';
import { fitProfile } from '../../src/guest/fit-profile.js';
import { formatProfile, parseProfile, parseRole } from '../../src/guest/parse-profile.js';
import { type Profile, ProfileError, XV6_PROFILE } from '../../src/guest/profile.js';
import { RandomNumbers } from '../../src/schedule/random-numbers.js';
import { ProgramSymbols } from '../../src/symbols/program-symbols.js';
import { describedProgram } from '../support/described-program.js';
import { fuzzing } from '../support/fuzzing.js';

/** Characters that mean something in such a file, and some that mean nothing. */
const CHARACTERS = [...'{}[]":,\\ \n09:kfree_$.-\u0000é'];

/** Changes, drops or repeats some characters. */
function damage(text: string, random: RandomNumbers): string {
  const letters = [...text];
  for (let left = 1 + random.below(4); left > 0; left--) {
    const at = random.below(letters.length + 1);
    const kind = random.below(4);
    if (kind === 0) letters.splice(at, 1 + random.below(20));
    else if (kind === 1) letters.splice(at, 0, CHARACTERS[random.below(CHARACTERS.length)]!);
    else if (kind === 2) letters.splice(at, 0, ...letters.slice(at, at + random.below(30)));
    else letters[Math.min(at, letters.length - 1)] = CHARACTERS[random.below(CHARACTERS.length)]!;
  }
  return letters.join('');
}

const { rounds, seed, timeout } = fuzzing(50);

it(
  'a damaged profile is taken, or refused in one line, and so is what it fits',
  () => {
    const { symbols } = new ProgramSymbols(describedProgram('symbols-only'));
    const random = new RandomNumbers(seed, 0);
    const whole = formatProfile(parseRole('free=put_page:7,kfree', XV6_PROFILE));
    let taken = 0;
    const attempt = (work: () => Profile | undefined): Profile | undefined => {
      try {
        return work();
      } catch (error) {
        expect(error).toBeInstanceOf(ProfileError);
        expect((error as ProfileError).message).toMatch(/^[^\n]+$/);
        return undefined;
      }
    };
    for (let round = 0; round < rounds; round++) {
      const text = damage(whole, random);
      const profile = attempt(() => parseProfile(text, XV6_PROFILE));
      attempt(() => parseRole(text.slice(random.below(text.length)), XV6_PROFILE));
      if (profile === undefined) continue;
      taken++;
      attempt(() => {
        expect(fitProfile(profile, symbols).missing ?? '').not.toContain('\n');
        return undefined;
      });
    }
    // Both happen, or nothing was tested.
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(rounds);
  },
  timeout,
);
