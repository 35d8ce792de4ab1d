import { describe, expect, it } from 'vitest';
import type { Place } from '../support/places.js';
import { problemsOf, selfTests, session } from '../support/self-test.js';

/**
 * The tests that the kernel passes its own user programs at these places: `usertests -q` is without what takes long;
 * bench/user-programs.ts runs all of it, many times.
 */
export function describeSelfTests(places: readonly Place[], line: 'cowtest' | 'usertests -q' | 'lazytest'): void {
  describe.concurrent(`a shell’s session of ${line}`, () => {
    it.each(places)('passes under %s, harts: %i, with a clean ledger', async (design, harts) => {
      const tests = selfTests.filter(({ name }) => line.startsWith(name));
      const options = tests.flatMap((test) => test.options ?? []);
      const over = await session([line], { design, harts }, ...options);
      expect(problemsOf(over, tests, design), over.console).toEqual([]);
    });
  });
}

/** Expects that the self-test fails on a kernel with the bug. */
export async function finds(bug: string, line: string): Promise<void> {
  const over = await session([line], { design: 'page-map-lock', harts: 1 }, '--bug', bug);
  expect(over.console).toMatch(/^SOME (CASES|TESTS) FAILED$/m);
  expect(problemsOf(over, [], 'page-map-lock')).toContain('exit status 1');
}
