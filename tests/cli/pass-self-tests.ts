import { describe, expect, it } from 'vitest';
import type { Place } from '../support/places.js';
import { problemsOf, selfTests, session } from '../support/self-test.js';

/** Without the tests that take long; bench/user-programs.ts runs them all, many times. */
const QUICK = ['cowtest', 'usertests -q'];

/** The tests that the kernel passes its own user programs at these places. */
export function describeSelfTests(places: readonly Place[]): void {
  describe.concurrent('a shell’s session', () => {
    it.each(places)('under %s, harts: %i, passes cowtest and usertests with a clean ledger', async (design, harts) => {
      const over = await session(QUICK, { design, harts });
      expect(problemsOf(over, selfTests, design), over.console).toEqual([]);
    });
  });
}
