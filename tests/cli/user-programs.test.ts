import { describe, expect, it } from 'vitest';
import { hartbreak } from '../support/command-line.js';
import { problemsOf, selfTests, session } from '../support/self-test.js';
import { describeSelfTests, finds } from './pass-self-tests.js';

const cowtest = selfTests.filter(({ name }) => name === 'cowtest');

describeSelfTests(
  [
    ['page-map-lock', 1],
    ['core-map', 4],
  ],
  'cowtest',
);
describeSelfTests([['hidden-write', 2]], 'usertests -q');
describeSelfTests(
  [
    ['kmem-count', 1],
    ['core-map', 3],
  ],
  'lazytest',
);

describe.concurrent('a self-test', () => {
  it('finds text-becomes-writable', () => finds('text-becomes-writable', 'cowtest'));

  it('that finds fork to copy where it should share has not passed', async () => {
    const over = await session(['cowtest'], { design: 'eager', harts: 1 });
    expect(problemsOf(over, cowtest, 'page-map-lock')).toEqual(['cowtest did not say (fork shares)']);
  });

  it('of what sbrk promises says what it needs', async () => {
    const { status, stdout } = await hartbreak('run', '--exec', 'lazytest');
    expect(stdout).toContain('`hartbreak run --abi xv6-2025` has one that does');
    expect(status).toBe(2);
  });

  it('passes as the first process, which is nobody’s init', async () => {
    const { status, stdout } = await hartbreak('run', '--harts', '2', '--exec', 'usertests -q');
    expect(stdout).toMatch(/\nALL TESTS PASSED\n$/);
    expect(status).toBe(0);
  });
});
