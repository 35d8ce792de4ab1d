import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hartbreak } from '../support/command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'hartbreak-campaign-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const QUICK = ['--scenarios', 'generated', '--strategy', 'random', '--machines', '1'];

describe.concurrent('hartbreak campaign', () => {
  it('says of a bug where it was found, and saves what brings it back', async () => {
    const out = at('found');
    const bug = 'freelist-without-lock';
    const { status, stdout } = await hartbreak('campaign', ...QUICK, '--bug', bug, '--schedules', '2000', '--out', out);
    expect(status).toBe(1);
    expect(stdout).toMatch(new RegExp(`^${bug} +\\d+ +\\S+@\\S+ +\\S+ +random +\\S+$`, 'm'));
    expect(stdout).toMatch(/^1 of 1 mistakes found\nFAILED\n$/m);
    const [file] = readdirSync(out);
    const replay = await hartbreak('replay', join(out, file!));
    expect(replay.status).toBe(1);
    expect(replay.stdout).toContain('came back 1 times out of 1, with the same memory each time');
  });

  it('goes on from its state, and comes to what it comes to at once', async () => {
    const options = [...QUICK, '--design', 'page-map-lock', '--json', '--out', at('both')];
    const json = async (...more: readonly string[]) => {
      const { stdout } = await hartbreak('campaign', ...options, ...more);
      return { ...(JSON.parse(stdout) as object), seconds: 0 };
    };
    const whole = await json('--schedules', '96');
    const first = await json('--schedules', '48', '--state', at('state.json'));
    expect(first).toMatchObject({ schedules: 48, ok: true });
    expect(await json('--schedules', '96', '--state', at('state.json'))).toEqual(whole);
  });
});

describe('hartbreak explore', () => {
  it('takes a generated scenario, and by the oracle finds what nobody wrote a check for', async () => {
    const options = ['--scenario', 'fork+exit@shared-2', '--bug', 'unlocked-count', '--out', at('explored')];
    const { status, stdout } = await hartbreak('explore', ...options, '--schedules', '400');
    expect(status).toBe(1);
    expect(stdout).toContain('no order of these operations, one after the other, ends so');
    const file = readdirSync(at('explored')).find((name) => name.includes('not-serial'));
    const replay = await hartbreak('replay', join(at('explored'), file!));
    expect({ status: replay.status, text: replay.stdout }).toMatchObject({
      status: 1,
      text: expect.stringContaining('not-serial: came back 1 times out of 1'),
    });
  });

  it('counts classes of equivalent runs when it is asked to', async () => {
    const text = async (...more: readonly string[]) =>
      (await hartbreak('explore', '--schedules', '100', '--out', at('classes'), ...more)).stdout;
    const [, count, last] =
      /^(\d+) classes of equivalent runs, the last new one in schedule (\d+)$/m.exec(await text('--classes')) ?? [];
    expect(Number(count)).toBeGreaterThan(10);
    expect(Number(last)).toBeLessThan(100);
    expect(await text()).not.toContain('classes');
  });

  it('compares written scenarios with their serial orders when it is asked to', async () => {
    const options = ['--scenario', 'wait-exit', '--bug', 'lost-wakeup', '--schedules', '50', '--out', at('oracle')];
    const kinds = async (...more: readonly string[]) => {
      const { stdout } = await hartbreak('explore', ...options, '--json', ...more);
      return (JSON.parse(stdout) as { failures: { kind: string }[] }).failures.map(({ kind }) => kind);
    };
    expect((await hartbreak('explore', '--schedules', '20', '--oracle')).stdout).toMatch(
      /^20 of them compared with serial orders of the same operations$/m,
    );
    expect(await kinds()).not.toContain('not-serial');
    expect(await kinds('--oracle')).toContain('not-serial');
  });
});
