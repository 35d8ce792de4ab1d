import { describe, expect, it } from 'vitest';
import { problemsOf, selfTests, session } from '../support/self-test.js';
import { describeSelfTests } from './pass-self-tests.js';

const cowtest = selfTests.filter(({ name }) => name === 'cowtest');

describeSelfTests([['core-map', 2]], 'cowtest');
describeSelfTests([['hidden-write', 2]], 'usertests -q');

describe.concurrent('a self-test', () => {
  it('that finds fork to copy where it should share has not passed', async () => {
    const over = await session(['cowtest'], { design: 'eager', harts: 1 });
    expect(problemsOf(over, cowtest, 'page-map-lock')).toEqual(['cowtest did not say (fork shares)']);
  });
});
