import { describe, expect, it } from 'vitest';
import { type CheckOptions, check } from '../../src/app/check.js';
import { reportText } from '../../src/app/failure-text.js';
import { observerNames } from '../../src/races/observers.js';
import { isLongForm } from '../support/long-form.js';

describe('check', () => {
  it('finds the lost count of unlocked-count, makes it small, and proves that every preemption is needed', async () => {
    const result = await check('fork-fork', { bug: 'unlocked-count', schedules: 300 });
    expect(result.ok).toBe(false);
    const harm = result.failures.find((failure) => failure.kind === 'ledger');
    expect(harm?.explanation).toMatchObject({ harmful: true, minimal: true, preemptions: 1 });
    expect(harm?.explanation?.criticalPair?.flipped).toBe('ends well');
    expect(harm?.explanation?.criticalPair?.first.stack[0]).toMatch(/kernel\/bugs\/unlocked-count\.ts:\d+/);
  });

  it.runIf(isLongForm)('finds the same whatever the number of machines', async () => {
    const options = { bug: 'unlocked-count', schedules: 400, explain: 0, classes: true };
    const [one, two] = [
      await check('fault-fault', { ...options, machines: 1 }),
      await check('fault-fault', { ...options, machines: 2 }),
    ];
    for (const part of ['schedules', 'steps', 'firstFailureAt', 'firstHarmAt', 'failures', 'classes'] as const)
      expect(two[part]).toEqual(one[part]);
    expect(one.classes!.count).toBeGreaterThan(50);
    expect(one.classes!.count).toBeLessThan(400);
    expect(one.classes!.lastNewAt).toBeGreaterThanOrEqual(one.classes!.count - 1);
    expect(one.classes!.lastNewAt).toBeLessThan(400);
  });

  it.runIf(isLongForm)(
    'has the serial oracle on for a generated scenario, and for a written one where it is asked for',
    async () => {
      const kinds = async (scenario: string, oracle?: boolean) => {
        const options = { bug: 'unlocked-count', schedules: 300, explain: 0, ...(oracle !== undefined && { oracle }) };
        return (await check(scenario, options)).failures.map(({ kind }) => kind);
      };
      expect(await kinds('fork+exit@shared-2')).toContain('not-serial');
      expect(await kinds('fork+exit@shared-2', false)).not.toContain('not-serial');
      expect(await kinds('fork-exit')).not.toContain('not-serial');
      expect(await kinds('fork-exit', true)).toContain('not-serial');
    },
  );

  it('says that no schedule with at most two preemptions fails when all of them were run, or one equivalent to each', async () => {
    const result = await check('fault-fault', { strategy: 'exhaustive', bound: 2, schedules: 500 });
    expect(result).toMatchObject({
      ok: true,
      classes: null,
      coverage: { complete: true, completedBound: 2, queued: 0 },
    });
  });

  it('finds by exhaustive search what needs one preemption within bound 1, and not within bound 0', async () => {
    const search = (bound: number) =>
      check('fault-fault', { bug: 'unlocked-count', strategy: 'exhaustive', bound, explain: 0, schedules: 10_000 });
    expect((await search(0)).firstHarmAt).toBeNull();
    expect((await search(1)).firstHarmAt).not.toBeNull();
  });

  it('tells how far an exhaustive search has come, and ends it soon after the first harm when that is asked for', async () => {
    const told: number[] = [];
    const options = { bug: 'unlocked-count', strategy: 'exhaustive', schedules: 10_000, stopAtHarm: true, explain: 0 };
    const { schedules, firstHarmAt, coverage } = await check('fault-fault', {
      ...options,
      progress: (soFar) => told.push(soFar.schedules),
    });
    expect(firstHarmAt).not.toBeNull();
    expect(coverage?.complete).toBe(false);
    expect(schedules - firstHarmAt!).toBeLessThanOrEqual(50);
    expect(told.at(-1)).toBe(schedules);
    expect(told).toHaveLength(Math.ceil(schedules / 50));
  });

  it.runIf(isLongForm)('stops after the same harm on any number of machines', async () => {
    const stopped = async (machines: number) => {
      const options = {
        bug: 'unlocked-count',
        strategy: 'pct',
        schedules: 1000,
        stopAtHarm: true,
        explain: 0,
        machines,
      };
      const { schedules, firstHarmAt, failures } = await check('fork-exit', options);
      return { schedules, firstHarmAt, failures };
    };
    const alone = await stopped(1);
    expect(alone.firstHarmAt).not.toBeNull();
    expect(alone.schedules).toBeLessThan(1000);
    expect(await stopped(2)).toEqual(alone);
  });

  it('can be stopped, says so, and has what there was until then', async () => {
    const stop = new AbortController();
    const result = await check('fault-fault', {
      schedules: 100_000,
      machines: 1,
      signal: stop.signal,
      progress: ({ schedules }) => {
        if (schedules >= 200) stop.abort();
      },
    });
    expect(result).toMatchObject({ schedules: 200, interrupted: true, ok: true });
  });

  it('is not ok when no schedule was run', async () => {
    const result = await check('fault-fault', { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ schedules: 0, interrupted: true, ok: false });
  });

  it.each([
    [{ schedules: 0 }, 'schedules must be a whole number from 1 to 1000000000, not 0'],
    [{ schedules: Number.NaN }, 'schedules must be a whole number from 1 to 1000000000, not NaN'],
    [{ schedules: 2.5 }, 'schedules must be a whole number from 1 to 1000000000, not 2.5'],
    [{ seconds: -1 }, 'seconds must be a number above 0, not -1'],
    [{ machines: 0 }, 'machines must be a whole number from 1 to 64, not 0'],
    [{ bound: 11 }, 'bound must be a whole number from 0 to 10, not 11'],
    [{ schedule: 3 }, "there is no option 'schedule'; there are: "],
  ])('refuses %o in one line', async (wrong, message) => {
    const options = wrong as CheckOptions;
    await expect(check('fault-fault', options)).rejects.toThrow(RangeError);
    await expect(check('fault-fault', options)).rejects.toThrow(message);
  });

  it('searches the orders in which frames are freed and entries rewritten, beside those of accesses', async () => {
    const { failures, coverage } = await check('fault-fault', {
      bug: 'count-before-entry',
      strategy: 'exhaustive',
      bound: 1,
      explain: 0,
    });
    expect(coverage?.complete).toBe(true);
    expect(failures.map(({ signature }) => signature)).toContain('use-after-free: is freed while it is mapped');
  });

  it('calls a data race harmful when the run that shows it, or another order, does harm', async () => {
    const evidenceOf = async (strategy: string, seed: number) => {
      const options = { design: 'hidden-write', bug: 'give-back-after-unlock', strategy, seed, schedules: 70 };
      const { failures } = await check('fork-fault', options);
      const race = failures.find(({ kind }) => kind === 'data-race');
      return race?.explanation?.harmful === true ? race.explanation.evidence : undefined;
    };
    expect(await evidenceOf('random', 1)).toMatch(/^in this order: frame \w+ is shared, yet writable/);
    expect(await evidenceOf('pct-contended', 4)).toMatch(/^in another order: frame \w+ is shared, yet writable/);
  });

  it('says of a data race without harm how far it looked, and whether the accesses changed places', async () => {
    const { failures } = await check('fault-fault', { bug: 'unlocked-glance', schedules: 50 });
    const race = failures.find(({ kind }) => kind === 'data-race')!;
    expect(race.explanation).toMatchObject({ harmful: false });
    const found = /^in (\d+) runs .*; the two accesses came in the other order in (\d+) of them$/.exec(
      race.explanation!.evidence,
    );
    const [, runs, turned] = found!.map(Number);
    expect(runs).toBeGreaterThan(300);
    expect(turned).toBeGreaterThan(0);
    expect(turned).toBeLessThan(runs!);
  });

  it('names, as the critical pair, the words that are disturbed rather than the lock around them', async () => {
    const { failures } = await check('fault-exit', { bug: 'check-then-act', schedules: 100, explain: 1 });
    const pair = failures[0]?.explanation?.criticalPair;
    expect(pair?.first.what).toMatch(/pgMap\.pageMapNum\[\d+\]/);
    expect(pair?.second.what).toMatch(/pgMap\.pageMapNum\[\d+\]/);
    expect(pair?.flipped).toBe('ends well');
  });

  it('and names the lock when harts wait for one another', async () => {
    const { failures } = await check('grow-shrink', { bug: 'lock-order', schedules: 20, explain: 1 });
    expect(failures[0]).toMatchObject({ kind: 'deadlock' });
    expect(failures[0]?.explanation?.criticalPair?.second.what).toMatch(/\.lock\.locked/);
  });

  it('shows, of a store by a stale translation, who rewrote the entry that it came from', async () => {
    const { failures } = await check('fork-then-write', { bug: 'fork-without-flush', schedules: 10 });
    const rows = failures.find(({ kind }) => kind === 'stale-tlb')?.explanation?.rows ?? [];
    const texts = rows.map((row) => (row.kind === 'access' ? row.text : ''));
    const stale = texts.findIndex((text) => text.endsWith('was cached, and is stale'));
    const [, page] = /translation of (\w+)/.exec(texts[stale] ?? '') ?? [];
    expect(texts.slice(0, stale)).toContainEqual(expect.stringMatching(`store pid \\d+'s pte of ${page} ←`));
  });

  it('tells of a word that is accessed without its lock though nothing comes of it, unless that observer is off', async () => {
    const options = { design: 'kmem-count', bug: 'count-set-outside-lock', schedules: 20 };
    const result = await check('fault-fault', options);
    expect(result).toMatchObject({ ok: true, advice: [{ kind: 'lockset' }] });
    expect(reportText(result)).toMatch(/^also: lockset: .* without holding kmem\.lock/m);
    const others = observerNames().filter((name) => name !== 'lockset');
    expect(await check('fault-fault', { ...options, observers: others })).toMatchObject({ ok: true, advice: [] });
  });

  it.each([
    ['frame-lifetime', 'fault-exit', 'decrement-then-look', 'double-free'],
    ['happens-before', 'fault-fault', 'unlocked-glance', 'data-race'],
    ['lock-order', 'grow-shrink', 'lock-order', 'lock-order'],
    ['stale-tlb', 'fork-then-write', 'fork-without-flush', 'stale-tlb'],
  ])('the observer %s can be switched off', async (observer, scenario, bug, kind) => {
    const kinds = async (observers: readonly string[]) => {
      const { failures, advice } = await check(scenario, { bug, schedules: 100, explain: 0, observers });
      return [...failures, ...advice].map((finding) => finding.kind);
    };
    expect(await kinds(observerNames())).toContain(kind);
    expect(await kinds(observerNames().filter((name) => name !== observer))).not.toContain(kind);
  });

  it('takes a lock, and tells how to see the failure with it again', async () => {
    const result = await check('fork-fork', { bug: 'unlocked-count', lock: 'ticket', schedules: 50, explain: 1 });
    expect(result).toMatchObject({ lock: 'ticket', ok: false });
    expect(reportText(result).replace(/\s+/g, ' ')).toContain(
      "bug: 'unlocked-count', lock: 'ticket', strategy: 'random'",
    );
    await expect(check('fork-fork', { lock: 'best' })).rejects.toThrow(/no lock 'best'/);
  });

  it('refuses names that nothing has', async () => {
    await expect(check('no-such-duel')).rejects.toThrow(/no scenario 'no-such-duel'/);
    await expect(check('fault-fault', { strategy: 'luck' })).rejects.toThrow(/no strategy 'luck'/);
    await expect(check('fault-fault', { observers: ['nobody'] })).rejects.toThrow(/no observer 'nobody'/);
    await expect(check('fault-fault', { stepLimit: 0 })).rejects.toThrow(/stepLimit must be/);
  });
});
