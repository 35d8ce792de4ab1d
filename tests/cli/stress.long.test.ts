import { expect, it } from 'vitest';
import type { RunSummary } from '../../src/report/run-summary.js';
import { hartbreak } from '../support/command-line.js';

it('stress ends with the first audit that sees the books broken, and with 1', async () => {
  const bug = ['--bug', 'unlocked-count', '--seconds', '100000'];
  const { status, stdout } = await hartbreak('stress', '--json', '--harts', '2', ...bug);
  const { ledger, ...run } = JSON.parse(stdout) as RunSummary;
  expect(ledger.violations).not.toEqual([]);
  expect(run).toMatchObject({ bug: 'unlocked-count', ok: false });
  expect(status).toBe(1);
});
