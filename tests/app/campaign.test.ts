import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CampaignResult, campaign } from '../../src/app/campaign.js';
import { campaignChoice } from '../../src/app/campaign-choice.js';
import { readState } from '../../src/app/campaign-state.js';
import { endMachines } from '../../src/app/explore-threads.js';
import { failureFileOf } from '../../src/app/failure-file.js';
import { isLongForm } from '../support/long-form.js';

const folder = mkdtempSync(join(tmpdir(), 'hartbreak-campaign-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await endMachines();
});

const QUICK = { scenarios: 'generated', strategies: ['random', 'pct'] } as const;
/** All that does not depend on how quick the machine was. */
const whatItCameTo = ({ targets, failures, ok }: CampaignResult) => ({ targets, failures, ok });

describe('a campaign', () => {
  it.runIf(isLongForm)('runs each strategy in every design, and holds nothing against sound kernels', async () => {
    const result = await campaign({ ...QUICK, schedules: 384 });
    expect(result).toMatchObject({ schedules: 384, ok: true, failures: [], interrupted: false });
    const [{ done }] = result.targets as [CampaignResult['targets'][number]];
    expect(Object.keys(done).length).toBe(7);
    expect(Object.values(done).reduce((sum, { schedules }) => sum + schedules, 0)).toBe(384);
  });

  it.runIf(isLongForm)('comes to the same on any number of machines', async () => {
    const options = { ...QUICK, bug: 'freelist-without-lock', designs: ['page-map-lock'], schedules: 160, explain: 0 };
    const one = await campaign({ ...options, machines: 1 });
    expect(one.targets[0]!.found).not.toBeNull();
    expect(whatItCameTo(await campaign({ ...options, machines: 2 }))).toEqual(whatItCameTo(one));
  });

  it.runIf(isLongForm)('comes to the same in two sessions as in one', async () => {
    const options = { ...QUICK, form: 'published', designs: ['hidden-write'], explain: 0, machines: 1 };
    const whole = await campaign({ ...options, schedules: 96 });
    const first = await campaign({ ...options, schedules: 48 });
    const path = join(folder, 'state.json');
    writeFileSync(path, JSON.stringify(first.state));
    const state = readState(path, campaignChoice(options), first.state.version);
    const second = await campaign({ ...options, schedules: 96, state });
    expect(second.schedules).toBe(96);
    expect(whatItCameTo(second)).toEqual(whatItCameTo(whole));
  });

  it.runIf(isLongForm)(
    'looks for each bug until it is found, and says where, and what takes it back there',
    async () => {
      const { targets, failures, ok } = await campaign({
        ...QUICK,
        bug: 'freelist-without-lock',
        designs: ['page-map-lock'],
        schedules: 2000,
        explain: 1,
      });
      const [{ found, schedules }] = targets as [CampaignResult['targets'][number]];
      expect(ok).toBe(false);
      expect(found).toBeLessThanOrEqual(schedules);
      expect(schedules).toBeLessThan(2000);
      const [{ explored, failure, scenarios }] = failures as [CampaignResult['failures'][number]];
      expect(failure).toMatchObject({ harm: true, explanation: { harmful: true } });
      expect(failureFileOf(explored, failure, '1.0.0')).toMatchObject({
        label: `${scenarios[0]}-page-map-lock-freelist-without-lock`,
        subject: { kind: 'hosted', config: { scenario: scenarios[0] } },
        seed: 1,
      });
    },
  );

  it.runIf(isLongForm)('takes all bugs that do harm in turn, and no others', async () => {
    const { targets } = await campaign({ ...QUICK, bug: 'all', schedules: 80, explain: 0 });
    expect(targets.length).toBeGreaterThan(50);
    expect(targets.map(({ bug }) => bug)).not.toContain('both-copy');
    // At first one by each strategy for each; some of those that come cannot even be set up, and take no schedules.
    const begun = targets.filter(({ schedules, notSetUp }) => schedules > 0 || notSetUp.length > 0);
    expect(begun.map(({ bug }) => bug)).toEqual(targets.slice(0, begun.length).map(({ bug }) => bug));
    const whole = targets.filter(({ schedules }) => schedules > 0).length;
    expect(whole).toBeGreaterThan(35);
    expect(whole).toBeLessThanOrEqual(40);
  });

  it('has found a mistake that no scenario can be set up with, and says why', async () => {
    const { targets, schedules, ok } = await campaign({ ...QUICK, bug: 'lock-twice', schedules: 64, explain: 0 });
    expect({ ok, schedules }).toEqual({ ok: false, schedules: 0 });
    expect(targets[0]).toMatchObject({
      found: 0,
      notSetUp: [{ why: expect.stringMatching(/cannot be set up: panic: acquire$/) }],
    });
  });

  it('ends when it is told to, with what it has by then', async () => {
    const stop = new AbortController();
    const result = await campaign({ ...QUICK, signal: stop.signal, progress: () => stop.abort() });
    expect(result.interrupted).toBe(true);
    expect(result.schedules).toBeGreaterThan(0);
  });

  it.each([
    ['a set of scenarios', { scenarios: 'some' }, /no set of scenarios 'some'/],
    ['a design', { designs: ['none'] }, /no design 'none'/],
    ['no design at all', { designs: [] }, /one design and one strategy at least/],
    ['a strategy', { strategies: ['luck'] }, /no strategy 'luck'/],
    ['a bug', { bug: 'beetle' }, /no bug 'beetle'/],
    ['a form', { form: 'liquid' }, /no form 'liquid'/],
    ['a bug that the design cannot have', { bug: 'unlocked-count', designs: ['eager'] }, /unlocked-count/],
  ])('refuses %s that there is not', async (_, options, message) => {
    await expect(campaign({ ...options, schedules: 10 })).rejects.toThrow(message);
  });
});

describe('the state of a campaign', () => {
  const choice = campaignChoice({ ...QUICK });
  const save = (name: string, value: unknown) => {
    const path = join(folder, name);
    writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
    return path;
  };
  it('is read only where it is whole, and of the same campaign and version', async () => {
    const { state } = await campaign({ ...QUICK, schedules: 16 });
    const read =
      (value: unknown, asked = choice, version = state.version) =>
      () =>
        readState(save('other.json', value), asked, version);
    expect(read(state)()).toEqual(JSON.parse(JSON.stringify(state)));
    expect(read(state, { ...choice, seed: 2 })).toThrow(/begun with other seed/);
    expect(read(state, choice, '0.0.0')).toThrow(/begun by version/);
    expect(read('no JSON')).toThrow(/not JSON/);
    expect(read({})).toThrow(/holds no campaign/);
    expect(read({ ...state, targets: 3 })).toThrow(/is damaged/);
    expect(() => readState(join(folder, 'nowhere.json'), choice, state.version)).toThrow(/ENOENT/);
  });
});
