import { describe, expect, it } from 'vitest';
import { exitStatus } from '../../src/cli/run.js';
import type { EngineFigures } from '../../src/machine/machine-control.js';
import { finished, hartbreak, shell, start, untilFull } from '../support/command-line.js';
import { isLongForm, sampled } from '../support/long-form.js';
import { builtProgram, chattering, countedLines, counting, exiting } from '../support/programs.js';
import { stressMachine } from '../support/stress-machine.js';

const hello = builtProgram('hello');
/** More than a pipe holds. */
const LINES = 20_000;

describe.concurrent('run', () => {
  it('passes arguments to the program, prints what it prints, and returns its exit status', async () => {
    expect(await hartbreak('run', hello, '5', 'a', '--harts')).toEqual({
      status: 5,
      stdout: `hello from process 1: ${hello} 5 a --harts\n`,
      stderr: '',
    });
  });

  it.runIf(isLongForm)('returns the low eight bits of a larger exit status', async () => {
    expect(await hartbreak('run', exiting(259))).toEqual({ status: 3, stdout: '', stderr: '' });
  });

  it.runIf(isLongForm)('returns 255 for a program that the kernel kills, which says why', async () => {
    const { status, stdout } = await hartbreak('run', builtProgram('faults'), 'illegal');
    const said =
      /^usertrap\(\): unexpected scause 0x2 pid=1\n +sepc=(\S+) stval=0x[0-9a-f]+\n +\(illegal instruction at (\S+)\)\n$/;
    const [, sepc, at] = said.exec(stdout) ?? [];
    expect(sepc).toMatch(/^0x[0-9a-f]+$/);
    expect(at).toBe(sepc);
    expect(status).toBe(255);
  });

  it.runIf(isLongForm)(
    'with --stats says what the engine did: what is hot is translated, and interpreted where that is asked for',
    async () => {
      const run = async (engine: string) => {
        const program = ['kernels', 'alu', '1'].join(' ');
        const { stdout } = await hartbreak('run', '--json', '--stats', '--engine', engine, '--exec', program);
        const { engines } = JSON.parse(stdout) as { engines: EngineFigures[] };
        return engines[0]!;
      };
      const [translated, interpreted] = await Promise.all([run('translator:100'), run('interpreter')]);
      expect(translated.regions).toBeGreaterThan(0);
      expect(translated.translation).toBeGreaterThan(0);
      expect(interpreted).toMatchObject({ regions: 0, cacheHits: 0, translation: 0 });
      expect(interpreted.instructions).toBeGreaterThan(1_000_000);
      expect(interpreted.tlbFills.fetches).toBeGreaterThan(0);
      const { stderr } = await hartbreak('run', '--stats', hello);
      expect(stderr).toMatch(/^hart +instructions +MIPS .*\n[- ]+\n0 +[\d,]+ .*\n$/);
    },
  );

  it.runIf(isLongForm)('with --json prints the summary on stdout and the console on stderr', async () => {
    const { status, stdout, stderr } = await hartbreak('run', '--json', hello, '3');
    expect(stderr).toBe(`hello from process 1: ${hello} 3\n`);
    expect(stdout).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(stdout)).toMatchObject({ harts: 1, status: 3, failures: [], ok: true });
    expect(status).toBe(3);
  });
});

describe.concurrent('the console', () => {
  it.runIf(isLongForm)('reaches a slow reader complete and in order', async () => {
    const command = start('run', counting(LINES));
    await untilFull(command);
    const { status, stdout } = await finished(command);
    expect(stdout === countedLines(LINES)).toBe(true);
    expect(status).toBe(0);
  });

  it.runIf(isLongForm)('reaches a file complete and in order, from any number of harts', async () => {
    const { stdout } = await shell(`hartbreak run --harts 3 '${counting(LINES)}' | cat`);
    expect(stdout === countedLines(LINES)).toBe(true);
  });

  it('ends the machine when its reader leaves, as SIGPIPE would', async () => {
    for (const harts of sampled([3, 1], 2)) {
      const { status, stdout, stderr } = await shell(
        `hartbreak run --harts ${harts} '${chattering()}' | head -1; exit \${PIPESTATUS[0]}`,
      );
      expect({ status, stdout, stderr }).toEqual({ status: 128 + 13, stdout: 'ready\n', stderr: '' });
    }
  });

  it.runIf(isLongForm)('that cannot be written to kills the hart, with one line that says why', async () => {
    const { status, stderr } = await shell(`hartbreak run '${hello}' > /dev/full`);
    expect(stderr).toMatch(/^FAILED: hart 0 died at pc 0x\S+.*: ENOSPC: no space left on device, write/m);
    expect(status).toBe(1);
  });
});

describe('what a command prints', () => {
  it('and cannot be written is missed in one line, with status 2', async () => {
    const { status, stderr } = await shell('hartbreak designs > /dev/full');
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'hartbreak: cannot write to standard output: ENOSPC\n' });
  });
});

describe('the exit status of run', () => {
  const clean = stressMachine({ harts: 1 }).report();
  it.each([
    [0, 0],
    [255, 255],
    [259, 3],
    [-1, 255],
  ])('is, of a program that exits with %i, %i', (status, expected) => {
    expect(exitStatus({ ...clean, status }, undefined)).toBe(expected);
  });

  it('is 1 when the machine failed, whatever the program said', () => {
    expect(exitStatus({ ...clean, status: 0, failures: ['hart 0 died'] }, undefined)).toBe(1);
  });

  it('is that of the signal when the program had not ended', () => {
    expect(exitStatus(clean, 'SIGTERM')).toBe(128 + 15);
    expect(exitStatus({ ...clean, readerGone: true }, undefined)).toBe(128 + 13);
  });
});

describe('a summary whose reader has left', () => {
  it.runIf(isLongForm)('is missed by nobody', async () => {
    const { status, stderr } = await shell(`hartbreak stress --harts 1 --seconds 0.1 | true; exit \${PIPESTATUS[0]}`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
