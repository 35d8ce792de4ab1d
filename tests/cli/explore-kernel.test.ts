import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkKernel } from '../../src/app/check-kernel.js';
import { roles } from '../../src/guest/profile.js';
import { PACKAGE_ROOT } from '../../src/memory/package-root.js';
import { emptyFolder } from '../support/files.js';
import { inProcess } from '../support/in-process.js';
import { isLongForm } from '../support/long-form.js';

const KERNEL = fileURLToPath(new URL('tests/guest/counting/kernel.elf', PACKAGE_ROOT));
const explore = (...args: string[]) =>
  inProcess('explore', '--kernel', KERNEL, '--memory', '4', '--out', emptyFolder(), ...args);

describe('explore --kernel', () => {
  it.runIf(isLongForm)(
    'finds the lost page of a kernel image, explains it in its C, and saves what brings it back',
    async () => {
      const { status, stdout } = await explore('--exec', 'put', '--schedules', '30', '--json');
      expect(status).toBe(1);
      const result = JSON.parse(stdout);
      expect(result).toMatchObject({ kernel: KERNEL, disk: null, exec: 'put', harts: 2, schedules: 30, ok: false });
      expect(Object.keys(result)).not.toContain('scenario');
      const lost = result.failures.find(({ kind }: { kind: string }) => kind === 'ledger');
      expect(lost).toMatchObject({ harmful: true, preemptions: 1 });
      const replayed = await inProcess('replay', lost.file, '--times', '5');
      expect(replayed.status).toBe(1);
      expect(replayed.stdout).toContain('came back 5 times out of 5, with the same memory each time');
    },
  );

  it.runIf(isLongForm)('holds nothing against the same kernel where it takes its lock', async () => {
    const { status, stdout, stderr } = await explore('--exec', 'put-locked', '--schedules', '30');
    expect(stdout).toMatch(/^kernel\.elf, 'put-locked' on 2 harts, random: 30 schedules/m);
    expect(stdout).toContain('held: no failure');
    expect(stderr).toBe('hartbreak: the kernel has no memset (fill), memmove (copy), memcpy (copy)\n');
    expect(status).toBe(0);
  });

  it.each([
    ['nothing to run', [], /^hartbreak: --kernel wants --scenario, .* or --exec: .*\n$/],
    [
      'a scenario of ours that needs our kernel',
      ['--scenario', 'fault-fault'],
      /^hartbreak: there is no scenario 'fault-fault' for a kernel image; there are: fork-write, .*\n$/,
    ],
    [
      'a scenario on a kernel without programs',
      ['--scenario', 'fork-write'],
      /\nhartbreak: the kernel does not come to the first system call that 'echo' makes: .*\n$/,
    ],
    [
      'a profile that is not there',
      ['--exec', 'put', '--profile', 'nowhere'],
      /^hartbreak: cannot read nowhere: .*\n$/,
    ],
    ['a role that there is not', ['--exec', 'put', '--role', 'x=y'], /^hartbreak: --role: it has no role 'x'; .*\n$/],
    [
      'a profile that fits nothing',
      ['--exec', 'put', ...roles.flatMap((role) => ['--role', `${role}=nothing`])],
      /^hartbreak: \S+kernel\.elf: the kernel has none of the profile's functions: nothing \(acquire\), .*\n$/,
    ],
    ['a bug of ours', ['--exec', 'put', '--bug', 'lock-order'], /^hartbreak: --bug is for the hosted kernel; .*\n$/],
    ['a disk that is not there', ['--exec', 'put', '--disk', '/nowhere'], /^hartbreak: cannot read \/nowhere: .*\n$/],
  ])('refuses %s', async (_, args, message) => {
    const { status, stderr } = await explore(...args);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });

  it.each(['exec', 'profile', 'role'])('refuses --%s, which only a kernel image has a use for', async (name) => {
    const { status, stderr } = await inProcess('explore', `--${name}`, 'put');
    expect(stderr).toMatch(/^hartbreak: --\w+ is for a kernel image; .*\n$/);
    expect(status).toBe(2);
  });
});

describe('checkKernel', () => {
  it('refuses options as check does', async () => {
    const choice = { kernel: KERNEL, exec: 'put', memory: 4 };
    await expect(checkKernel(choice, { schedules: 0 })).rejects.toThrow(/schedules must be a whole number/);
    await expect(checkKernel({ ...choice, harts: 65 })).rejects.toThrow(/harts must be a whole number/);
  });
});
