import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkImage } from '../../kernel/fs/check-image.js';
import { mkfs } from '../../kernel/fs/mkfs.js';
import { NPROC } from '../../kernel/params.js';
import { canSeeThreads, finished, hartbreak, shell, start, until, untilStarting } from '../support/command-line.js';
import { emptyFolder } from '../support/files.js';
import { isLongForm } from '../support/long-form.js';
import { builtProgram } from '../support/programs.js';
import { userProgram } from '../support/user-programs.js';

const programs = (...names: string[]) => names.map((name) => ({ name, data: userProgram(name) }));

/** A session whose input is these lines, on `options`. */
function session(lines: readonly string[], options: string) {
  return shell(`printf '${lines.map((line) => `${line}\\n`).join('')}' | hartbreak run ${options}`);
}

describe.concurrent('run without a program', () => {
  it('boots init and the shell from a disk with our own programs, and ends with its input', async () => {
    const { status, stdout, stderr } = await session(['ls', 'echo to a file > f', 'cat f README'], '--harts 2');
    for (const { name } of programs('cat', 'init', 'sh'))
      expect(stdout).toMatch(new RegExp(`^(\\$ )?${name} +2 `, 'm'));
    expect(stdout).toContain('to a file\n');
    expect(stdout).toContain('This is the disk of a hartbreak machine');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it.runIf(isLongForm)('returns the status of the last command', async () => {
    expect(await session(['nothing'], '')).toMatchObject({ status: 127 });
  });

  it.runIf(isLongForm)(
    'has its shell start more in the background, one after the other, than there may be processes',
    async () => {
      const { status, stdout } = await session(
        [...Array<string>(NPROC.default + 10).fill('echo bg &'), 'echo end'],
        '',
      );
      expect(stdout).not.toContain('refused');
      expect(stdout).toContain('end\n');
      expect(status).toBe(0);
    },
  );

  it.runIf(isLongForm)('with --json prints the summary on stdout and the console on stderr', async () => {
    const { stdout, stderr } = await session(['echo over there'], '--json');
    expect(stderr).toContain('over there\n');
    expect(JSON.parse(stdout)).toMatchObject({ status: 0, ok: true, ledger: { audits: 1, violations: [] } });
  });
});

describe.concurrent('--exec', () => {
  it('runs a program of the disk with its arguments, and returns its status', async () => {
    expect(await hartbreak('run', '--exec', ' /hello   4\t b\n')).toEqual({
      status: 4,
      stdout: 'hello from process 1: /hello 4 b\n',
      stderr: '',
    });
  });

  it.runIf(isLongForm)('gives the program the console as 0, 1 and 2', async () => {
    const { stdout, status } = await shell(`echo from outside | hartbreak run --exec cat`);
    expect({ stdout, status }).toEqual({ stdout: 'from outside\n', status: 0 });
  });
});

describe.concurrent('the disk', () => {
  it.runIf(isLongForm)('is there for a program of the host’s', async () => {
    const { stdout } = await hartbreak('run', builtProgram('cat'), 'README');
    expect(stdout).toContain('This is the disk of a hartbreak machine');
  });

  it.runIf(isLongForm)('is what --disk-out saved, and sound', async () => {
    const image = join(emptyFolder(), 'fs.img');
    await session(['mkdir d', 'echo kept > d/f', 'ln README again', 'rm README'], `--disk-out '${image}'`);
    expect(checkImage(readFileSync(image))).toBeUndefined();
    const { stdout } = await session(['cat d/f again', 'cat README'], `--disk '${image}'`);
    expect(stdout).toContain('kept\nThis is the disk');
    expect(stdout).toContain('README');
  });

  it.runIf(isLongForm)(
    'is saved into the file that it came from, which keeps its mode, and through a link',
    async () => {
      const folder = emptyFolder();
      const image = join(folder, 'fs.img');
      writeFileSync(image, mkfs(programs('init', 'sh', 'echo')));
      // More than the umask leaves a new file.
      chmodSync(image, 0o666);
      symlinkSync('fs.img', join(folder, 'link'));
      await session(['echo new > f'], `--disk '${image}' --disk-out '${join(folder, 'link')}'`);
      expect(statSync(image).mode & 0o777).toBe(0o666);
      expect(readdirSync(folder).sort()).toEqual(['fs.img', 'link']);
      expect(checkImage(readFileSync(image))).toBeUndefined();
      expect(readFileSync(image).includes('new\n')).toBe(true);
    },
  );

  it.runIf(isLongForm)('is saved after Ctrl-C too', async () => {
    const image = join(emptyFolder(), 'fs.img');
    const command = start('run', '--disk-out', image);
    command.stdin.write('echo before > f\necho re""ady\n');
    await until(command, 'ready\n');
    command.kill('SIGINT');
    const { status, stderr } = await finished(command);
    expect(stderr).toMatch(/^ledger: 1 audit, every frame accounted for$/m);
    expect(status).toBe(128 + 2);
    expect(checkImage(readFileSync(image))).toBeUndefined();
    expect(readFileSync(image).includes('before\n')).toBe(true);
  });

  it.runIf(canSeeThreads && isLongForm)('stays as it was when Ctrl-C comes before the machine has booted', async () => {
    const image = join(emptyFolder(), 'fs.img');
    const before = mkfs(programs('init', 'sh'));
    writeFileSync(image, before);
    const command = start('run', '--harts', '16', '--disk', image, '--disk-out', image);
    await untilStarting(command);
    command.kill('SIGINT');
    expect(await finished(command)).toMatchObject({ status: 128 + 2 });
    expect(readFileSync(image).equals(before)).toBe(true);
  });

  it.runIf(isLongForm)(
    'that can no longer be saved fails the run, with one line, and leaves what was there',
    async () => {
      const folder = emptyFolder();
      const image = join(folder, 'fs.img');
      const command = start('run', '--disk-out', image);
      command.stdin.write('echo ready\n');
      await until(command, 'ready\n');
      // A folder in its place.
      mkdirSync(image);
      command.stdin.end();
      const { status, stderr } = await finished(command);
      expect(stderr).toMatch(/^FAILED: the disk is not saved to \S+fs\.img: /m);
      expect(status).toBe(1);
      expect(readdirSync(folder)).toEqual(['fs.img']);
    },
  );

  it.runIf(process.getuid?.() !== 0)('is not saved over a file that must not be written', async () => {
    const image = join(emptyFolder(), 'fs.img');
    writeFileSync(image, 'precious');
    chmodSync(image, 0o400);
    const { status, stderr } = await hartbreak('run', '--disk-out', image);
    expect(stderr).toMatch(/^hartbreak: cannot write \S+: permission denied; .*\n$/);
    expect(status).toBe(2);
  });
});
