import { describe, expect, it } from 'vitest';
import { hartbreak } from '../support/command-line.js';
import { isLongForm } from '../support/long-form.js';
import { problemsOf, selfTests, session } from '../support/self-test.js';
import { describeSelfTests } from './pass-self-tests.js';

const cowtest = selfTests.filter(({ name }) => name === 'cowtest');

describeSelfTests([['core-map', 2]], 'cowtest');
if (isLongForm) describeSelfTests([['hidden-write', 2]], 'usertests -q');
if (isLongForm)
  describeSelfTests(
    [
      ['kmem-count', 1],
      ['core-map', 3],
    ],
    'lazytest',
  );

describe.concurrent('a self-test', () => {
  it.runIf(isLongForm)('that finds fork to copy where it should share has not passed', async () => {
    const over = await session(['cowtest'], { design: 'eager', harts: 1 });
    expect(problemsOf(over, cowtest, 'page-map-lock')).toEqual(['cowtest did not say (fork shares)']);
  });

  it.runIf(isLongForm)('of what sbrk promises says what it needs', async () => {
    const { status, stdout } = await hartbreak('run', '--exec', 'lazytest');
    expect(stdout).toContain('`hartbreak run --abi xv6-2025` has one that does');
    expect(status).toBe(2);
  });
});
