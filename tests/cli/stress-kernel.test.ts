import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { finished, hartbreak, start, until } from '../support/command-line.js';
import { countingKernel } from '../support/counting-kernel.js';
import { emptyFolder } from '../support/files.js';
import { inProcess } from '../support/in-process.js';
import { isLongForm } from '../support/long-form.js';

const KERNEL = countingKernel('').kernel.path;
const folder = emptyFolder();
const words = (...args: readonly string[]) => ['stress', '--kernel', KERNEL, '-m', '4', '-n', '2', ...args];
const file = (name: string, content: string) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describe.concurrent('stress --kernel', () => {
  it('says how it went, and that nothing was found', async () => {
    const { status, stdout } = await hartbreak(...words('--exec', 'put-locked', '--seconds', '0.5'));
    expect(stdout).toMatch(/^kernel\.elf, 'put-locked' on 2 harts, \d+\.\d s$/m);
    expect(stdout).toMatch(/^ {2}rounds +[\d,]+$/m);
    expect(stdout).toMatch(
      /^frames: [\d,]+ audits, none free twice, none free under a program that runs; (as many free|no round)/m,
    );
    expect(status).toBe(0);
  });

  it('that found something ends with 1, and names the command that shows why', async () => {
    const { status, stdout } = await hartbreak(...words('--exec', 'free-twice', '--seconds', '100000'));
    expect(stdout).toMatch(/^FAILED: frame 0x8000[0-9a-f]000 is free twice: kmem\.freelist comes to it again$/m);
    expect(stdout).toMatch(/^hart 0 at pc 0x80000[0-9a-f]{3} </m);
    const command = stdout.replaceAll(/ \\\n */g, ' ');
    expect(command).toContain(
      `under control: hartbreak explore --kernel ${KERNEL} --exec free-twice --harts 2 --memory 4\n`,
    );
    expect(status).toBe(1);
  });

  it.runIf(isLongForm)('with --json prints one object', async () => {
    const profile = file('profile', '{ "fill": [], "copy": [] }');
    const run = words('--exec', 'panic', '--json', '--profile', profile, '--seconds', '100000');
    const { status, stdout, stderr } = await hartbreak(...run);
    const report = JSON.parse(stdout);
    expect(Object.keys(report)).toEqual([
      ...['kernel', 'disk', 'exec', 'harts', 'seconds', 'instructions', 'places', 'stacks', 'damage', 'lastLines'],
      ...['failures', 'rounds', 'audits', 'violations', 'hasPrograms', 'ok'],
    ]);
    expect(report).toMatchObject({ kernel: KERNEL, disk: null, exec: 'panic', harts: 2, violations: [], ok: false });
    expect(report.failures).toEqual(["the console says 'panic: as you like'"]);
    // The console is all that is there: the profile names nothing that the kernel has not got.
    expect(stderr).not.toContain('hartbreak:');
    expect(status).toBe(1);
  });

  it.runIf(isLongForm)('says in one line before the run what of the profile the kernel has not got', async () => {
    const { stderr } = await hartbreak(...words('--exec', 'panic', '--role', 'free=kfree,put_page:1'));
    expect(stderr).toMatch(
      /^hartbreak: the kernel has no put_page \(free\), memset \(fill\), memmove \(copy\), memcpy \(copy\)\n\$ panic\n/,
    );
  });

  it.runIf(isLongForm)('stops at Ctrl-C and reports', async () => {
    const command = start(...words('--exec', 'put-locked', '--seconds', '100000'));
    await until(command, '$ put-locked\n$ put-locked\n', 'stderr');
    command.kill('SIGINT');
    const { status, stdout, stderr } = await finished(command);
    expect(stdout, `status ${status}, ${stderr}`).toMatch(/^frames: \d+ audits?, none free twice/m);
    expect(status).toBe(130);
  });
});

describe('stress --kernel refuses in one line', () => {
  it.each([
    [
      'a kernel that is not there',
      ['--kernel', 'nowhere'],
      /cannot read nowhere: there is no such file; give the path/,
    ],
    [
      'a disk that is not there',
      [...words().slice(1), '--disk', 'nowhere'],
      /cannot read nowhere: there is no such file/,
    ],
    ['a profile that is not there', [...words().slice(1), '--profile', 'nowhere'], /cannot read nowhere: .* a profile/],
    [
      'a folder for a profile',
      [...words().slice(1), '--profile', folder],
      /: it is a folder; give the path of a profile/,
    ],
    [
      'a damaged profile',
      [...words().slice(1), '--profile', file('bad', '{ "free": 3 }')],
      /bad: of free, 3 is no funct/,
    ],
    [
      'a role that there is not',
      [...words().slice(1), '--role', 'frees=kfree'],
      /--role: it has no role 'frees'; known/,
    ],
    [
      'a profile that fits nothing',
      [
        ...words().slice(1),
        '--profile',
        file('none', JSON.stringify({ acquire: 'a', release: 'b', allocate: 'c', free: 'd', panic: 'e', idle: 'f' })),
      ],
      /kernel\.elf: the kernel has none of the profile's functions: a \(acquire\), .*; give those it has/,
    ],
    [
      'a line for the background',
      [...words().slice(1), '--exec', 'put &'],
      /--exec 'put &' runs beside the prompt, .*&/,
    ],
    [
      'an option of our own kernel',
      [...words().slice(1), '--workers', '3'],
      /--workers is for our own kernel; leave out/,
    ],
    ['a profile for our own', ['--profile', 'x'], /--profile is for a kernel image; give one with --kernel/],
    ['a line for our own', ['--exec', 'x'], /--exec is for a kernel image; give one with --kernel/],
  ])('%s', async (_, args, line) => {
    const { status, stdout, stderr } = await inProcess('stress', ...args);
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^hartbreak: .*\n$/);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});
