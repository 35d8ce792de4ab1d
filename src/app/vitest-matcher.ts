/** `import 'hartbreak/vitest'`: `expect(await check(…)).toHold()`, whose message is the report. */
import { expect } from 'vitest';
import type { CheckResult } from './check.js';
import { reportText } from './failure-text.js';

interface HartbreakMatchers<R> {
  /** The check found no failure. */
  toHold(): R;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: it must repeat Vitest's own declaration to extend it.
  interface Matchers<T = any> extends HartbreakMatchers<T> {}
}

expect.extend({
  toHold(received: CheckResult) {
    refusePromise(received);
    return {
      pass: received.ok,
      message: () =>
        received.ok
          ? `expected a failure, but ${reportText(received)}`
          : `expected no failure in ${received.schedules} schedules\n\n${reportText(received)}`,
    };
  },
});

/** Throws TypeError for what is no result: a check that was not awaited would pass whatever it finds. */
function refusePromise(received: unknown): void {
  if (received instanceof Promise)
    throw new TypeError('toHold needs the result of a check: expect(await check(…)).toHold()');
}
