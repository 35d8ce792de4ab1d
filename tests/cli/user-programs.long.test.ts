import { describe, expect, it } from 'vitest';
import { hartbreak } from '../support/command-line.js';
import { everyPlace } from '../support/places.js';
import { problemsOf, selfTests, session } from '../support/self-test.js';
import { describeSelfTests, finds } from './pass-self-tests.js';

for (const line of ['cowtest', 'usertests -q', 'lazytest'] as const) describeSelfTests(everyPlace([1, 2, 4, 8]), line);

describe.concurrent('a self-test', () => {
  it.each([
    ['text-becomes-writable', 'cowtest'],
    ['copyout-past-sharing', 'cowtest'],
    ['failed-fork-read-only', 'usertests refused-fork-gives-back'],
    ['failed-fork-leak', 'usertests refused-fork-gives-back'],
  ])('finds %s', finds);

  it('passes as the first process, which is nobody’s init', async () => {
    const { status, stdout } = await hartbreak('run', '--harts', '2', '--exec', 'usertests -q');
    expect(stdout).toMatch(/\nALL TESTS PASSED\n$/);
    expect(status).toBe(0);
  });

  it('makes more sharers than eight bits can count, where there may be so many processes', async () => {
    const place = { design: 'kmem-count', harts: 1 };
    const cowtest = selfTests.filter(({ name }) => name === 'cowtest');
    const sound = await session(['cowtest'], place, '--processes', '300');
    expect(problemsOf(sound, cowtest, place.design), sound.console).toEqual([]);
    const wrapping = await session(['cowtest'], place, '--processes', '300', '--bug', 'uint8-wraps');
    expect(problemsOf(wrapping, cowtest, place.design)).toContain('cowtest did not say ALL CASES PASSED');
  });
});
