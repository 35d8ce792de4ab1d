import { check } from 'hartbreak';
import { expect, test, vi } from 'vitest';
import 'hartbreak/vitest';

// Vitest's own limit is 5 s, which a busy machine may need to bring its threads up.
vi.setConfig({ testTimeout: 120_000 });

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

test('a check that was not awaited is no result', async () => {
  const promise = check('fault-exit', { schedules: 1 });
  expect(() => expect(promise).toHold()).toThrow(/expect\(await check/);
  await promise;
});

const plugins = [import.meta.resolve('./mine.mjs')];

test('a scenario of somebody else holds on the sound kernel, and his observer tells what it saw', async () => {
  const result = await check('write-exit', { plugins, schedules: 50 });
  expect(result).toHold();
  expect(result.advice.map(({ signature }) => signature)).toEqual(['invariant: frames are freed']);
});

test('and fails with a bug of his, by every thread', async () => {
  const result = await check('write-exit', { plugins, bug: 'keeps-frame', schedules: 50, machines: 2 });
  expect(result).not.toHold();
  expect(result.failures.map(({ signature }) => signature)).toContain('ledger: lost');
});

test('his bug is put into a scenario of ours', async () => {
  expect(await check('fault-exit', { plugins, bug: 'keeps-frame', schedules: 50 })).not.toHold();
});

test('a plugin that cannot be loaded is one line', async () => {
  await expect(check('fault-exit', { plugins: ['file:///nowhere/mine.mjs'] })).rejects.toThrow(
    /^the plugin .* cannot be loaded: /,
  );
});
