import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generatedDuels } from '../../kernel/scenarios/generated/generated.js';
import { finished, hartbreak, runsUntil, start } from '../support/command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'hartbreak-campaign-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const QUICK = ['--scenarios', 'generated', '--strategy', 'random', '--machines', '1'];

describe.concurrent('hartbreak campaign', () => {
  it('ends with a row for each design and a verdict, and saves nothing where nothing failed', async () => {
    const { status, stdout, stderr } = await hartbreak(
      'campaign',
      ...QUICK,
      ...['--design', 'eager,core-map', '--schedules', '64', '--out', at('none')],
    );
    expect(stdout).toMatch(/^design +pieces of work +schedules +failures +harmful +not set up$/m);
    const rows = ['eager', 'core-map'].map((design) =>
      new RegExp(`^${design} +\\d+ +(\\d+) +0 +0 +0$`, 'm').exec(stdout),
    );
    expect(rows.reduce((sum, row) => sum + Number(row?.[1]), 0)).toBe(64);
    expect(stdout).toMatch(/^64 schedules, \d+ s\nheld: no failure\n$/m);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(() => statSync(at('none'))).toThrow(/ENOENT/);
  });

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

  it('stops at Ctrl-C with what it has, and can be gone on with', async () => {
    const state = at('interrupted.json');
    const options = ['campaign', ...QUICK, '--state', state, '--out', at('interrupted'), '--json'];
    const command = start(...options, '--seconds', '1000');
    await runsUntil(command, () => (statSync(state, { throwIfNoEntry: false })?.size ?? 0) > 0);
    command.kill('SIGINT');
    const { status, stdout } = await finished(command);
    const { interrupted, schedules } = JSON.parse(stdout) as { interrupted: boolean; schedules: number };
    expect({ status, interrupted }).toEqual({ status: 128 + 2, interrupted: true });
    expect(schedules).toBeGreaterThan(0);
    const saved = JSON.parse(readFileSync(state, 'utf8')) as { targets: { schedules: number }[] };
    expect(saved.targets[0]!.schedules).toBe(schedules);
  });

  it.each([
    ['a state of another campaign', ['--state', at('other.json')], /was begun with other seed; give the same/],
    ['a state that is none', ['--state', at('nothing.json')], /nothing\.json holds no campaign; give --state another/],
    ['a design that there is not', ['--design', 'eager,none'], /no design 'none'; choose one of: /],
    ['no schedule', ['--schedules', '0'], /--schedules must be a whole number from 1/],
    ['a bug that the design cannot have', ['--bug', 'unlocked-count', '--design', 'eager'], /unlocked-count/],
  ])('is refused with %s', async (_, options, message) => {
    writeFileSync(at('nothing.json'), '{}');
    if (options.includes(at('other.json')))
      await hartbreak(
        'campaign',
        ...QUICK,
        '--seed',
        '7',
        '--schedules',
        '8',
        '--state',
        at('other.json'),
        '--out',
        at('none'),
      );
    const { status, stdout, stderr } = await hartbreak('campaign', ...QUICK, ...options, '--out', at('none'));
    expect(stderr).toMatch(message);
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 });
  });
});

describe('hartbreak scenarios', () => {
  it('lists the written ones, and says how many are generated and how to list those', async () => {
    const { stdout } = await hartbreak('scenarios');
    expect(stdout).not.toContain('@');
    expect(stdout).toContain(`${generatedDuels().length} more are generated`);
    const all = await hartbreak('scenarios', '--generated');
    for (const { name, summary } of generatedDuels())
      expect(all.stdout).toMatch(new RegExp(`^${name.replace('+', '\\+')} .*${summary}$`, 'm'));
    expect(all.stdout.match(/^\S+\+\S+@\S+ /gm)?.length).toBe(generatedDuels().length);
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
    expect(await kinds()).not.toContain('not-serial');
    expect(await kinds('--oracle')).toContain('not-serial');
  });
});
