import { check } from 'hartbreak';
import { expect, test } from 'vitest';
import 'hartbreak/vitest';

test('the sound kernel holds', async () => {
  expect(await check('fault-exit', { schedules: 100 })).toHold();
});

test('a kernel that counts without its lock does not', async () => {
  expect(await check('fork-fork', { bug: 'unlocked-count', schedules: 100 })).not.toHold();
});

test('the message of a failed check is the report', async () => {
  const result = await check('fork-fork', { bug: 'unlocked-count', schedules: 100 });
  expect(() => expect(result).toHold()).toThrow(/critical pair/);
});
