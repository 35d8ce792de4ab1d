import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { generatedDuels } from '../../kernel/scenarios/generated/generated.js';
import { finished, runsUntil, start } from '../support/command-line.js';
import { inProcess } from '../support/in-process.js';
import { isLongForm } from '../support/long-form.js';

const folder = mkdtempSync(join(tmpdir(), 'hartbreak-campaign-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const QUICK = ['--scenarios', 'generated', '--strategy', 'random', '--machines', '1'];

describe('hartbreak campaign', () => {
  it('ends with a row for each design and a verdict, and saves nothing where nothing failed', async () => {
    const schedules = isLongForm ? '64' : '8';
    const { status, stdout, stderr } = await inProcess(
      'campaign',
      ...QUICK,
      ...['--design', 'eager,core-map', '--schedules', schedules, '--out', at('none')],
    );
    expect(stdout).toMatch(/^design +pieces of work +schedules +failures +harmful +not set up$/m);
    const rows = ['eager', 'core-map'].map((design) =>
      new RegExp(`^${design} +\\d+ +(\\d+) +0 +0 +0$`, 'm').exec(stdout),
    );
    expect(rows.reduce((sum, row) => sum + Number(row?.[1]), 0)).toBe(Number(schedules));
    expect(stdout).toMatch(new RegExp(`^${schedules} schedules, \\d+ s\nheld: no failure\n$`, 'm'));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(() => statSync(at('none'))).toThrow(/ENOENT/);
  });

  it.runIf(isLongForm)('stops at Ctrl-C with what it has, and can be gone on with', async () => {
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
    ['a design that there is not', ['--design', 'eager,none'], /no design 'none'; there are: /],
    ['no schedule', ['--schedules', '0'], /--schedules must be a whole number from 1/],
    ['a bug that the design cannot have', ['--bug', 'unlocked-count', '--design', 'eager'], /unlocked-count/],
  ])('is refused with %s', async (_, options, message) => {
    writeFileSync(at('nothing.json'), '{}');
    if (options.includes(at('other.json')))
      await inProcess(
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
    const { status, stdout, stderr } = await inProcess('campaign', ...QUICK, ...options, '--out', at('none'));
    expect(stderr).toMatch(message);
    expect({ status, stdout, lines: stderr.trimEnd().split('\n').length }).toEqual({ status: 2, stdout: '', lines: 1 });
  });
});

describe('hartbreak scenarios', () => {
  it('lists the written ones, and says how many are generated and how to list those', async () => {
    const { stdout } = await inProcess('scenarios');
    expect(stdout).not.toContain('@');
    expect(stdout).toContain(`${generatedDuels().length} more are generated`);
    const all = await inProcess('scenarios', '--generated');
    for (const { name, summary } of generatedDuels())
      expect(all.stdout).toMatch(new RegExp(`^${name.replaceAll('+', '\\+')} .*${summary}$`, 'm'));
    expect(all.stdout.match(/^\S+\+\S+@\S+ /gm)?.length).toBe(generatedDuels().length);
  });
});
