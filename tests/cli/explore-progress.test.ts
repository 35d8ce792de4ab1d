import { expect, test } from 'vitest';
import { progressText } from '../../src/cli/explore.js';

test('the progress line has what is to be run, and how long that will about take', () => {
  expect(progressText({ schedules: 500, seconds: 2, failures: 0 }, {})).toBe(
    '500 of 2,000 schedules, 250/s, 2 s, about 6 s to go',
  );
  expect(progressText({ schedules: 500, seconds: 2, failures: 3 }, { schedules: 1000 })).toBe(
    '500 of 1,000 schedules, 250/s, 2 s, about 2 s to go, 3 failures',
  );
  // Whichever comes first.
  expect(progressText({ schedules: 500, seconds: 2, failures: 0 }, { schedules: 1000, seconds: 3 })).toBe(
    '500 of 1,000 schedules, 250/s, 2 s, about 1 s to go',
  );
  expect(progressText({ schedules: 500, seconds: 12, failures: 0 }, { seconds: 10 })).toBe(
    '500 schedules, 41.7/s, 12 s, about 0 s to go',
  );
});
