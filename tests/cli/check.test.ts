import { describe, expect, it } from 'vitest';
import { check } from '../../src/cli/check.js';

describe('check', () => {
  it('finds the lost count of unlocked-count, makes it small, and proves that every preemption is needed', async () => {
    const result = await check('fork-fork', { bug: 'unlocked-count', schedules: 300 });
    expect(result.ok).toBe(false);
    const harm = result.failures.find((failure) => failure.kind === 'ledger');
    expect(harm?.explanation).toMatchObject({ harmful: true, minimal: true, preemptions: 1 });
    expect(harm?.explanation?.criticalPair?.flipped).toBe('ends well');
    expect(harm?.explanation?.criticalPair?.first.stack[0]).toMatch(/kernel\/bugs\/unlocked-count\.ts:\d+/);
  });

  it('finds the same whatever the number of machines', async () => {
    const options = { bug: 'unlocked-count', schedules: 400, explain: 0 };
    const [one, two] = [
      await check('fault-fault', { ...options, machines: 1 }),
      await check('fault-fault', { ...options, machines: 2 }),
    ];
    for (const part of ['schedules', 'steps', 'firstFailureAt', 'firstHarmAt', 'failures'] as const)
      expect(two[part]).toEqual(one[part]);
  });

  it('says that no schedule with at most two preemptions fails when all of them were run, or one equivalent to each', async () => {
    const result = await check('fault-fault', { strategy: 'exhaustive', bound: 2, schedules: 500 });
    expect(result).toMatchObject({ ok: true, coverage: { complete: true, completedBound: 2, queued: 0 } });
  });

  it('finds by exhaustive search what needs one preemption within bound 1, and not within bound 0', async () => {
    const search = (bound: number) =>
      check('fault-fault', { bug: 'unlocked-count', strategy: 'exhaustive', bound, explain: 0, schedules: 10_000 });
    expect((await search(0)).firstHarmAt).toBeNull();
    expect((await search(1)).firstHarmAt).not.toBeNull();
  });

  it('refuses names that nothing has', async () => {
    await expect(check('no-such-duel')).rejects.toThrow(/no scenario 'no-such-duel'/);
    await expect(check('fault-fault', { strategy: 'luck' })).rejects.toThrow(/no strategy 'luck'/);
  });
});
