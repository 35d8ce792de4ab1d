import { describe, expect, it } from 'vitest';
import { bugs } from '../../kernel/bugs/bugs.js';
import { noSuch } from '../../kernel/names.js';

const many = bugs.map(({ name }) => name);

describe('a name that nothing has', () => {
  it('gets all there are when those are few', () => {
    expect(noSuch('form', 'best', ['sound', 'published'])).toBe("there is no form 'best'; there are: sound, published");
  });

  it.each([
    ['unlock-count', 'did you mean unlocked-count?'],
    ['lock-order ', 'did you mean lock-order?'],
    ['steal', 'did you mean steal-without-lock, or steal-with-own-lock, or steal-one-look?'],
    ['gaurd-page', 'did you mean guard-page?'],
  ])('gets the nearest of many, and the command that lists them: %s', (name, guess) => {
    expect(noSuch('bug', name, many)).toBe(
      `there is no bug '${name}'; ${guess} \`hartbreak bugs\` lists all ${many.length}`,
    );
  });

  it.each(['', 'x', 'nothing-like-it'])('gets the command alone when none is near: %o', (name) => {
    expect(noSuch('bug', name, many)).toBe(`there is no bug '${name}'; \`hartbreak bugs\` lists all ${many.length}`);
  });
});
