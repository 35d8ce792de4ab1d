import { describe, expect, it } from 'vitest';
import { hartbreak } from '../support/command-line.js';
import { somePlaces } from '../support/places.js';
import { problemsOf, selfTests, session } from '../support/self-test.js';
import { describeSelfTests } from './pass-self-tests.js';

const cowtest = selfTests.filter(({ name }) => name === 'cowtest');

describeSelfTests(somePlaces([1, 4]), 'cowtest');
describeSelfTests(
  [
    ['page-map-lock', 1],
    ['core-map', 4],
  ],
  'usertests -q',
);

describe.concurrent('a self-test', () => {
  it.each([
    ['copyout-past-sharing', 'cowtest'],
    ['text-becomes-writable', 'cowtest'],
    ['failed-fork-read-only', 'usertests refused-fork-gives-back'],
    ['failed-fork-leak', 'usertests refused-fork-gives-back'],
  ])('finds %s', async (bug, line) => {
    const over = await session([line], { design: 'page-map-lock', harts: 1 }, '--bug', bug);
    expect(over.console).toMatch(/^SOME (CASES|TESTS) FAILED$/m);
    expect(problemsOf(over, [], 'page-map-lock')).toContain('exit status 1');
  });

  it('makes more sharers than eight bits can count, where there may be so many processes', async () => {
    const place = { design: 'kmem-count', harts: 1 };
    const sound = await session(['cowtest'], place, '--processes', '300');
    expect(problemsOf(sound, cowtest, place.design), sound.console).toEqual([]);
    const wrapping = await session(['cowtest'], place, '--processes', '300', '--bug', 'uint8-wraps');
    expect(problemsOf(wrapping, cowtest, place.design)).toContain('cowtest did not say ALL CASES PASSED');
  });

  it('that finds fork to copy where it should share has not passed', async () => {
    const over = await session(['cowtest'], { design: 'eager', harts: 1 });
    expect(problemsOf(over, cowtest, 'page-map-lock')).toEqual(['cowtest did not say (fork shares)']);
  });

  it('wants an init above it', async () => {
    const { status, stdout } = await hartbreak('run', '--exec', 'usertests');
    expect(stdout).toMatch(/^usertests: [^\n]+ run it from the shell\n$/);
    expect(status).toBe(2);
  });
});
