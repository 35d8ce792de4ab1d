import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canHaveTerminal, finished, hartbreak, shell, shellOnTerminal, start, until } from '../support/command-line.js';
import { elfImage } from '../support/elf-image.js';
import { emptyFolder } from '../support/files.js';
import { GUEST_KERNEL } from '../support/guest-kernel.js';
import { inProcess } from '../support/in-process.js';
import { isLongForm, sampled } from '../support/long-form.js';

const SECTOR = 512;
const folder = emptyFolder();
const disk = join(folder, 'disk');
writeFileSync(disk, Buffer.alloc(8 * SECTOR, 0x5a));

const boot = (...options: string[]) => hartbreak('boot', GUEST_KERNEL, '--memory', '8', ...options);
/** What the kernel of the tests says when all that it checks of the board is so. */
const WELL = /^3 harts, \d+ pages\ndisk: version (\d), 8 sectors\ndisk: sector 1 begins with a5\nall is well\n/m;

describe.concurrent('boot', () => {
  const disks: readonly [string, number][] = [
    ['modern', 2],
    ['legacy', 1],
  ];
  it.each(sampled(disks, disks.length))(
    'runs a kernel on three harts with lock, pages, translation, timer, calls, console and a %s disk',
    async (name, version) => {
      const { status, stdout, stderr } = await boot('--disk', disk, '--virtio', name, '--exec', 'pages');
      expect(WELL.exec(stdout)?.[1]).toBe(String(version));
      expect(stdout).toMatch(/^\$ pages\n\d+ pages are free\n\$ $/m);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );

  it.runIf(isLongForm)(
    'types a line at each prompt, and ends with the status that the guest gives the test device',
    async () => {
      const { status, stdout } = await boot('--disk', disk, '--harts', '1', '--exec', 'what', '--exec', 'quit');
      expect(stdout).toMatch(/\$ what\nno such word: what\n\$ quit\n$/);
      expect(status).toBe(7);
    },
  );

  it.runIf(isLongForm)('takes what a pipe brings as typed, also what comes before the kernel wants it', async () => {
    const { status, stdout } = await shell(`echo quit | hartbreak boot ${GUEST_KERNEL} -m 8 -n 1 --disk ${disk}`);
    expect({ status, end: stdout.endsWith('$ quit\n') }).toEqual({ status: 7, end: true });
  });

  it.runIf(isLongForm)('ends with 0 when the console shows what --until looks for', async () => {
    const { status, stdout, stderr } = await boot('--disk', disk, '-n', '1', '--until', 'all is w');
    expect(stdout).toContain('all is w');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('ends with 1 at a panic, and says what it was and where each hart is', async () => {
    const { status, stderr } = await boot('--disk', disk, '--harts', '2', '--exec', 'panic');
    expect(status).toBe(1);
    expect(stderr).toContain('hartbreak: failed: panic: as you like\n');
    expect(stderr).toContain('\n  $ panic\n  panic: as you like\n');
    expect(stderr).toMatch(/^hart 0 at pc 0x8000[0-9a-f]{4} <\w+(\+0x[0-9a-f]+)?>$/m);
    expect(stderr).toMatch(
      /^ {2}panic \(src\/print\.c:\d+\)\n {2}shell \(src\/main\.c:\d+\), inlined\n {2}main \(src\/main\.c:\d+\)\n {2}_entry /m,
    );
    // Which waits in main, or has its timer's interrupt just then.
    expect(stderr).toMatch(
      /^hart 1 at pc 0x8000[0-9a-f]{4} <\w+(\+0x[0-9a-f]+)?>\n( {2}\w+ \(src\/\w+\.[cS]:\d+\)(, inlined)?\n)* {2}(_entry|supervisor_trap) \(src\/entry\.S:\d+\)$/m,
    );
  });

  it.runIf(isLongForm)('has --fail look for something else', async () => {
    const { status, stderr } = await boot('--disk', disk, '-n', '1', '--fail', 'no such', '--exec', 'x', '--exec', 'y');
    expect({ status, line: stderr.includes('failed: no such word: x\n') }).toEqual({ status: 1, line: true });
  });

  it.runIf(isLongForm)('with --json prints what became of it on stdout, and the console on stderr', async () => {
    const { status, stdout, stderr } = await boot('--disk', disk, '-n', '2', '--json', '--exec', 'pages');
    const { places, instructions, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
    expect(rest).toMatchObject({ harts: 2, end: { kind: 'prompt', line: '$ ' }, failures: [] });
    expect(places).toHaveLength(2);
    expect(instructions).toBeGreaterThan(1000);
    expect(stderr).toContain('all is well\n');
    expect(status).toBe(0);
  });

  it.runIf(isLongForm)('in virtual time skips what every hart waits for', async () => {
    const { status, stdout } = await boot('--disk', disk, '--time', 'virtual', '-n', '2', '--exec', 'wait');
    expect({ status, over: stdout.includes('$ wait\nten minutes later\n') }).toEqual({ status: 0, over: true });
  });

  it.runIf(isLongForm)('keeps what is written to the disk in memory, and saves it with --disk-out', async () => {
    const out = join(folder, 'out');
    expect(await boot('--disk', disk, '--disk-out', out, '-n', '1', '--exec', 'pages')).toMatchObject({ status: 0 });
    const written = readFileSync(out);
    expect(written.subarray(0, SECTOR)).toEqual(Buffer.alloc(SECTOR, 0x5a));
    expect(written.subarray(SECTOR, 2 * SECTOR)).toEqual(Buffer.alloc(SECTOR, 0xa5));
    expect(readFileSync(disk)).toEqual(Buffer.alloc(8 * SECTOR, 0x5a));
  });

  it.runIf(isLongForm)('without a disk has a slot where none is, which the kernel finds empty', async () => {
    expect(await boot('-n', '1')).toMatchObject({ status: 1, stdout: expect.stringContaining('panic: no disk\n') });
  });

  it('ends at Ctrl-C, and says where each hart is', async () => {
    const command = start('boot', GUEST_KERNEL, '--memory', '8', '--disk', disk);
    await until(command, 'all is well');
    command.kill('SIGINT');
    const { status, stderr } = await finished(command);
    expect(status).toBe(130);
    expect(stderr.match(/^hart \d at pc/gm)).toHaveLength(3);
  });
});

describe.runIf(canHaveTerminal)('boot on a terminal', () => {
  const session = () => shellOnTerminal(`hartbreak boot ${GUEST_KERNEL} -m 8 -n 1 --disk ${disk}`);

  it.runIf(isLongForm)('is typed at, and echoes nothing but what the guest does', async () => {
    const command = session();
    await until(command, 'all is well');
    command.stdin.write('quit\r');
    const { status, stdout } = await finished(command);
    expect(stdout).toMatch(/\$ quit\r\n/);
    expect(status).toBe(7);
  });

  it.runIf(isLongForm)('ends at Ctrl-C', async () => {
    const command = session();
    await until(command, 'all is well');
    command.stdin.write('\x03');
    expect(await finished(command)).toMatchObject({ status: 130 });
  });
});

describe('boot refuses in one line', () => {
  const image = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  it.each([
    [
      'a file that is not there',
      ['nowhere'],
      /cannot read nowhere: there is no such file; give the path of a RISC-V kernel/,
    ],
    [
      'a program for another place',
      [image('elsewhere', elfImage())],
      /its segment at 0x0 \(4096 bytes\) lies outside RAM, which goes from 0x80000000 to 0x88000000/,
    ],
    ['half a kernel', [image('half', readFileSync(GUEST_KERNEL).subarray(0, 5000))], /the file is truncated/],
    [
      'a kernel for x86',
      [image('x86', elfImage({ machine: 62 }))],
      /a program for machine 62 \(x86-64\), not for RISC-V/,
    ],
    ['a kernel that needs more RAM', [GUEST_KERNEL, '-m', '2', '--disk', 'nowhere'], /cannot read nowhere/],
    ['a disk that is not there', [GUEST_KERNEL, '--disk', 'nowhere'], /cannot read nowhere: there is no such file/],
    ['--disk-out without a disk', [GUEST_KERNEL, '--disk-out', 'x'], /--disk-out saves the disk, and there is none/],
    ['a regular expression that is none', [GUEST_KERNEL, '--until', '('], /--until is no regular expression: /],
    [
      'a transport that there is not',
      [GUEST_KERNEL, '--virtio', 'pci'],
      /there is no virtio transport 'pci'; there are: modern, legacy/,
    ],
  ])('%s', async (_, words, line) => {
    const { status, stdout, stderr } = await inProcess('boot', ...words);
    expect(stderr).toMatch(line);
    expect(stderr).toMatch(/^hartbreak: .*\n$/);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});
