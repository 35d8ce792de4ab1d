import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bugs } from '../../kernel/bugs/bugs.js';
import { lockFamilies } from '../../kernel/locks/families.js';
import { freeLists } from '../../kernel/memory/free-lists.js';
import { refsChoices } from '../../kernel/page-sharing/counts/schemes.js';
import { scenarios } from '../../kernel/scenarios/scenarios.js';
import { replayStatus } from '../../src/cli/replay.js';
import { strategies } from '../../src/schedule/strategies.js';
import { COMMAND } from '../support/command.js';
import { inProcess } from '../support/in-process.js';
import { isLongForm } from '../support/long-form.js';

const folder = mkdtempSync(join(tmpdir(), 'hartbreak-'));

function hartbreak(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

let saved = '';
let exploration: ReturnType<typeof hartbreak>;

beforeAll(() => {
  exploration = hartbreak('explore', '-S', 'fork-fork', '-b', 'unlocked-count', '-N', '300', '-o', folder, '--json');
  saved = join(folder, readdirSync(folder).find((name) => name.includes('ledger')) ?? 'nothing was saved');
});
afterAll(() => rmSync(folder, { recursive: true }));

function damaged(name: string, change: (file: Record<string, unknown>) => void): string {
  const file = JSON.parse(readFileSync(saved, 'utf8')) as Record<string, unknown>;
  change(file);
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(file));
  return path;
}

function configOf(file: Record<string, unknown>): { kernel: Record<string, unknown>; [key: string]: unknown } {
  return (file.subject as { config: { kernel: Record<string, unknown> } }).config;
}

function switchOf(file: Record<string, unknown>): object {
  return (file.plan as { switches: object[] }).switches[0]!;
}

/** The numbers of the steps in a report's interleaving. */
function stepsOf(report: string): number[] {
  return [...report.matchAll(/^ +(\d+) {2}/gm)].map(([, step]) => Number(step));
}

describe('explore', () => {
  it('prints one JSON object, saves each failure, and ends with 1', () => {
    expect(exploration.status).toBe(1);
    const result = JSON.parse(exploration.stdout);
    expect(Object.keys(result)).toEqual([
      ...['scenario', 'design', 'form', 'bug', 'lock', 'refs', 'freelist', 'strategy', 'seed', 'harts', 'schedules'],
      ...['steps', 'seconds', 'schedulesPerSecond', 'firstFailureAt', 'failures', 'classes', 'compared', 'coverage'],
      ...['interrupted', 'ok'],
    ]);
    expect(result).toMatchObject({ scenario: 'fork-fork', bug: 'unlocked-count', schedules: 300, ok: false });
    expect(result.failures.map((failure: { file: string }) => failure.file)).toContain(saved);
  });

  it('says in one line that it cannot save in what is no folder', async () => {
    const { status, stdout, stderr } = await inProcess('explore', '-b', 'unlocked-count', '-o', '/dev/null/x');
    expect(stderr).toMatch(/^hartbreak: cannot save failures in .*\n$/);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('reports what it has found where that can only not be saved, and says why in one line', async () => {
    // A folder that says it can be written, and cannot.
    const bug = ['-b', 'unlocked-count', '-N', '10', '-o', '/proc/no/such'];
    const { status, stdout, stderr } = await inProcess('explore', ...bug);
    expect(stderr).toMatch(/^hartbreak: cannot save failures in .*\n$/);
    expect(stdout).toMatch(/^replay: not saved$/m);
    expect(stdout).toContain('critical pair');
    expect(status).toBe(1);
  });

  it.runIf(isLongForm)('takes the scenario and the design of the bug that it is to look for', async () => {
    const { status, stdout } = await inProcess('explore', '-b', 'guard-page', '-N', '1', '-o', folder, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ scenario: 'store-to-guard', design: 'page-map-lock', ok: false });
    expect(status).toBe(1);
    const other = await inProcess(
      'explore',
      '-b',
      'uint8-wraps',
      '-S',
      'fault-fault',
      '-N',
      '1',
      '-o',
      folder,
      '--json',
    );
    expect(JSON.parse(other.stdout)).toMatchObject({ scenario: 'fault-fault', design: 'kmem-count' });
  });

  it('ends with 0 when nothing fails', async () => {
    const { status, stdout } = await inProcess('explore', '-S', 'fault-fault', '-N', '50', '-o', folder);
    expect(stdout).toContain('held: no failure');
    expect(status).toBe(0);
  });
});

describe('explore --harts', () => {
  const out = join(folder, 'harts');
  const explore = (...args: string[]) =>
    inProcess('explore', '-S', 'fork-write', '-n', '3', '-o', out, '--json', ...args);

  it('runs a program on as many harts', async () => {
    const { status, stdout } = await explore('-N', '20');
    expect(JSON.parse(stdout)).toMatchObject({ harts: 3, schedules: 20, ok: true });
    expect(status).toBe(0);
  });

  it('says in one line which scenarios can have another number', async () => {
    const { status, stderr } = await inProcess('explore', '-S', 'fault-fault', '-n', '3', '-o', out);
    expect(stderr).toMatch(/^.*scenario fault-fault has 2 harts, not 3; any number have fork-write, .*\n$/);
    expect(status).toBe(2);
  });
});

describe('explore --lock', () => {
  const out = join(folder, 'locks');
  const explore = (...args: string[]) => inProcess('explore', '-S', 'three-at-a-lock', '-N', '50', '-o', out, ...args);

  it('gives every lock of the kernel that family, and says so', async () => {
    expect(JSON.parse((await explore('--json')).stdout)).toMatchObject({ lock: 'adaptive', ok: true });
    expect((await explore()).stdout).toContain('three-at-a-lock, design page-map-lock (sound), random: 50 schedules');
    expect((await explore('-l', 'mcs')).stdout).toContain(
      'three-at-a-lock, design page-map-lock (sound, lock mcs), random: 50',
    );
  });

  it.runIf(isLongForm)('is chosen by a bug that is in one family, and failures replay with it', async () => {
    const found = JSON.parse((await explore('-b', 'clh-node-reused', '--json')).stdout);
    expect(found).toMatchObject({ lock: 'clh', ok: false });
    const [{ file }] = found.failures;
    expect(file).toContain('three-at-a-lock-page-map-lock-clh-clh-node-reused-');
    const { stdout } = await inProcess('replay', file, '--times', '5', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ failed: 5 });
  });

  it.runIf(isLongForm)('stands in failure files, and those without it are of the default', async () => {
    const args = ['-b', 'unlocked-count', '-l', 'ticket', '-N', '50', '-o', out, '--json'];
    const found = JSON.parse((await inProcess('explore', ...args)).stdout);
    const file = JSON.parse(readFileSync(found.failures[0].file, 'utf8'));
    expect(configOf(file).kernel.lock).toBe('ticket');
    expect(configOf(JSON.parse(readFileSync(saved, 'utf8'))).kernel).not.toHaveProperty('lock');
  });
});

describe('explore --refs and --freelist', () => {
  const out = join(folder, 'refs');
  const explore = (...args: string[]) => inProcess('explore', '-N', '20', '-o', out, ...args);

  it('choose how references are counted and free frames are kept, and say so', async () => {
    const { stdout } = await explore('--json');
    expect(JSON.parse(stdout)).toMatchObject({ refs: 'own', freelist: 'one', ok: true });
    const chosen = await explore('--refs', 'atomic', '--freelist', 'per-hart');
    expect(chosen.stdout).toContain('page-map-lock (sound, refs atomic, freelist per-hart), random:');
  });

  it.runIf(isLongForm)('are chosen by a bug that is in one of them, and failures replay with it', async () => {
    const { stdout } = await explore('-b', 'stripe-forgotten', '-S', 'fault-exit', '--freelist', 'per-hart', '--json');
    const found = JSON.parse(stdout);
    expect(found).toMatchObject({ refs: 'striped', freelist: 'per-hart', ok: false });
    const [{ file }] = found.failures;
    expect(file).toContain('fault-exit-page-map-lock-striped-per-hart-stripe-forgotten-');
    expect(configOf(JSON.parse(readFileSync(file, 'utf8'))).kernel.freelist).toBe('per-hart');
    const replayed = await inProcess('replay', file, '--times', '3', '--json');
    expect(JSON.parse(replayed.stdout)).toMatchObject({ failed: 3, sameMemory: true });
  });
});

describe('replay', () => {
  it('makes the failure happen every time, with the memory that was saved, and ends with 1', async () => {
    const { status, stdout } = await inProcess('replay', saved, '--times', '30', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ times: 30, failed: 30, sameMemory: true, parted: null });
    expect(status).toBe(1);
  });

  it('shows the interleaving with the kernel functions, one column per hart', async () => {
    const { stdout } = await inProcess('replay', saved);
    expect(stdout).toMatch(/ +step +hart 0 +hart 1/);
    expect(stdout).toMatch(/addMap: load pgMap\.pageMapNum\[\d+\]/);
    expect(stdout).toContain('switch: hart');
  });

  it('shows the interleaving up to a step only', async () => {
    const { stdout } = await inProcess('replay', saved);
    const steps = stepsOf(stdout);
    const until = steps[Math.floor(steps.length / 2)]!;
    const { stdout: cut } = await inProcess('replay', saved, '--until', String(until));
    expect(stepsOf(cut)).toEqual(steps.filter((step) => step <= until));
    const rows = cut.slice(cut.indexOf('  step  '), cut.indexOf('\n\nreplay: '));
    expect(stdout).toContain(rows);
    expect(rows.split('\n').at(-1)).toMatch(/^ +\d+ {2}|switch: /);
  });

  it('has an exit status for never, every time, and sometimes', () => {
    expect([0, 3, 2].map((failed) => replayStatus(failed, 3))).toEqual([0, 1, 3]);
  });

  it('finds the place of a switch by the name of its access when the numbers of points have changed', async () => {
    const edited = damaged('edited.json', (file) => {
      const { switches } = file.plan as { switches: { at: number }[] };
      for (const entry of switches) entry.at += 9;
    });
    const { status, stdout } = await inProcess('replay', edited, '--times', '10', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ times: 10, failed: 10, refitted: true, parted: null });
    expect(status).toBe(1);
  });

  it('says where it parted when the kernel does not make the named access any more', async () => {
    const other = damaged('other.json', (file) => {
      const { switches } = file.plan as { switches: { at: number }[] };
      for (const entry of switches) entry.at += 9;
      const anchors = file.anchors as { access: string }[];
      for (const anchor of anchors) anchor.access = 'load noSuchWord';
    });
    const { status, stdout } = await inProcess('replay', other);
    expect(stdout).toContain("does not come to 'load noSuchWord'");
    expect(status).toBe(0);
  });

  it('ends with 0 when the failure does not come back', async () => {
    const sound = damaged('sound.json', (file) => {
      configOf(file).kernel.bug = null;
    });
    expect((await inProcess('replay', sound)).status).toBe(0);
  });

  it.each([
    ['is damaged: it is not JSON', () => damaged('text.json', () => {}), '{'],
    ['was written by another version', () => damaged('old.json', (file) => (file.format = 'hartbreak-failure/1'))],
    ["its 'plan' is missing or wrong", () => damaged('plan.json', (file) => (file.plan = { switches: 3 }))],
    ["its 'stepLimit' is", () => damaged('steps.json', (file) => (file.stepLimit = 1e9))],
    ["its 'memory' is", () => damaged('memory.json', (file) => (configOf(file).memory = 1))],
    ["its 'memoryHash' is", () => damaged('hash.json', (file) => delete file.memoryHash)],
    ["its 'harmful' is", () => damaged('harmful.json', (file) => delete file.harmful)],
    ["its 'plan' is", () => damaged('next.json', (file) => Object.assign(file.plan as object, { successors: 'x' }))],
    ["its 'plan' is", () => damaged('hart.json', (file) => Object.assign(switchOf(file), { hart: 7 }))],
    ['no bug', () => damaged('bug.json', (file) => (configOf(file).kernel.bug = 'no-such-bug'))],
    ['no lock', () => damaged('lock.json', (file) => (configOf(file).kernel.lock = 'no-such-lock'))],
    ["its 'lock' is", () => damaged('lock-number.json', (file) => (configOf(file).kernel.lock = 7))],
    ['no design', () => damaged('design.json', (file) => (configOf(file).kernel.design = 'no-such-design'))],
    [
      "the design 'eager' cannot have it",
      () => damaged('other-design.json', (file) => (configOf(file).kernel.design = 'eager')),
    ],
    ["its 'subject' is", () => damaged('subject.json', (file) => delete file.subject)],
    ['no kind of subject', () => damaged('kind.json', (file) => Object.assign(file.subject as object, { kind: 'x' }))],
    ['no scenario', () => damaged('scenario.json', (file) => (configOf(file).scenario = 'no-such-scenario'))],
    ['cannot read', () => join(folder, 'missing.json')],
  ])('refuses a bad file in one line with status 2: %s', async (message, make, content?: string) => {
    const path = make();
    if (content !== undefined) writeFileSync(path, content);
    const { status, stdout, stderr } = await inProcess('replay', path);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});

describe('shrink', () => {
  it('finds a shorter schedule with the same failure, and saves it in its place', async () => {
    const { plan } = JSON.parse(readFileSync(saved, 'utf8'));
    const [first, other] = plan.preference;
    const there = { hart: first, at: 1, action: { kind: 'to', hart: other } };
    const back = { hart: other, at: 1, action: { kind: 'to', hart: first } };
    const long = damaged('long.json', (file) => {
      file.plan = { ...plan, switches: [there, back, ...plan.switches] };
    });
    expect((await inProcess('replay', long)).status).toBe(1);
    const { status, stdout } = await inProcess('shrink', long);
    expect(stdout).toContain('this failure does not happen');
    expect(status).toBe(1);
    const shrunk = JSON.parse(readFileSync(long, 'utf8'));
    expect(shrunk.minimal).toBe(true);
    expect(shrunk.plan.switches.length).toBeLessThanOrEqual(plan.switches.length);
    expect((await inProcess('replay', long, '--times', '3')).stdout).toContain(
      '3 times out of 3, with the same memory',
    );
  });

  it('ends with 0 and changes nothing when the failure does not come back', async () => {
    const sound = damaged('sound-again.json', (file) => {
      configOf(file).kernel.bug = null;
    });
    const before = readFileSync(sound, 'utf8');
    const { status, stdout } = await inProcess('shrink', sound);
    expect(stdout).toContain('nothing to shrink');
    expect(status).toBe(0);
    expect(readFileSync(sound, 'utf8')).toBe(before);
  });
});

describe('bugs NAME', () => {
  it('tells what is wrong, whether it does harm, how it is reported, and the command that shows it', async () => {
    for (const bug of [bugs.find(({ harmful }) => harmful)!, bugs.find(({ harmful }) => !harmful)!]) {
      const { status, stdout } = await inProcess('bugs', bug.name);
      expect(stdout.replace(/\n/g, ' ')).toContain(bug.explanation);
      expect(stdout).toMatch(new RegExp(`^can do harm: +${bug.harmful ? 'yes' : 'no'}$`, 'm'));
      expect(stdout).toContain(bug.expected.join(', '));
      expect(stdout).toContain(`explore --scenario ${bug.scenario} --design ${bug.designs[0]} --bug ${bug.name}\n`);
      expect(status).toBe(0);
    }
  });

  it('refuses a name that no bug has', async () => {
    const { status, stderr } = await inProcess('bugs', 'no-such-bug');
    expect(stderr).toMatch(/^hartbreak: there is no bug 'no-such-bug'; .*\n$/);
    expect(status).toBe(2);
  });
});

describe('the lists', () => {
  it.each([
    ['bugs', bugs],
    ['scenarios', scenarios],
    ['locks', lockFamilies],
    ['refs', refsChoices],
    ['freelists', freeLists],
    ['strategies', strategies],
  ])('of %s has a row for each, with what it is', async (command, all) => {
    const { status, stdout } = await inProcess(command);
    const rows = stdout.split('\n');
    for (const { name, summary } of all)
      expect(
        rows.some((row) => row.startsWith(`${name} `) && row.trimEnd().endsWith(summary)),
        name,
      ).toBe(true);
    expect(status).toBe(0);
  });
});
