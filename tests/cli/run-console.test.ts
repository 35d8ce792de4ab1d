import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canHaveTerminal, finished, hartbreak, shell, shellOnTerminal, start, until } from '../support/command-line.js';
import { emptyFolder } from '../support/files.js';
import { isLongForm, sampled } from '../support/long-form.js';
import { builtProgram, countedLines } from '../support/programs.js';

const cat = builtProgram('cat');
const hello = builtProgram('hello');
/** More than all buffers on the way hold. */
const LINES = 20_000;
const lines = join(emptyFolder(), 'lines');
writeFileSync(lines, countedLines(LINES));

describe.concurrent('standard input', () => {
  const inputs: readonly [string, string][] = [
    ['a pipe', `cat '${lines}' | hartbreak run '${cat}'`],
    ['a file', `hartbreak run --harts 2 '${cat}' < '${lines}'`],
  ];
  it.each(sampled(inputs, inputs.length))('reaches the guest complete and in order from %s', async (_what, line) => {
    const { status, stdout } = await shell(line);
    expect(stdout === countedLines(LINES)).toBe(true);
    expect(status).toBe(0);
  });

  it.runIf(isLongForm)('reaches it line by line, while it runs', async () => {
    const command = start('run', cat);
    command.stdin.write('first\n');
    await until(command, 'first\n');
    command.stdin.write('second');
    command.stdin.end();
    expect(await finished(command)).toEqual({ status: 0, stdout: 'first\nsecond', stderr: '' });
  });

  it.runIf(isLongForm)('is left to others by a program that does not read it', async () => {
    const { stdout } = await shell(`printf 'a\\nb\\n' | (hartbreak run '${hello}'; cat)`);
    expect(stdout).toBe(`hello from process 1: ${hello}\na\nb\n`);
  });

  it.runIf(isLongForm)('that is closed is at its end', async () => {
    expect(await shell(`hartbreak run '${cat}' <&-`)).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe.concurrent('--time', () => {
  it.runIf(isLongForm)(
    'virtual, without a terminal the default, sleeps no longer than it takes to say so',
    async () => {
      // Four months.
      const { status, stdout } = await hartbreak('run', '--harts', '2', builtProgram('sleeper'), '100000000');
      expect({ status, stdout }).toEqual({ status: 0, stdout: 'ok\n' });
    },
  );

  it.runIf(isLongForm)('real sleeps all the same', async () => {
    const { status, stdout } = await hartbreak('run', '--time', 'real', builtProgram('sleeper'), '3', '2');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'ok\n' });
  });
});

describe.runIf(canHaveTerminal).concurrent('a terminal', () => {
  const CTRL_C = '\x03';
  /** Prints the status, and `raw` or `cooked`, when the command has ended. */
  const told = (args: string) =>
    shellOnTerminal(`hartbreak run ${args}; echo "status $?"; stty -a | grep -q -- -icanon && echo raw || echo cooked`);

  it('is the guest’s, which shows and edits what is typed, and the host’s again when the guest has ended', async () => {
    const command = told('');
    await until(command, '$ ');
    command.stdin.write('echo hellp\x7fo\r');
    await until(command, 'echo hellp\b \bo\r\nhello\r\n$ ');
    command.stdin.write('\x04');
    expect((await finished(command)).stdout).toMatch(/status 0\r\ncooked\r\n$/);
  });

  it.runIf(isLongForm)('lists the processes on ^P', async () => {
    const command = told('');
    await until(command, '$ ');
    command.stdin.write('\x10');
    // The shell has prompted, and need not have come to its read.
    await until(command, /1 (sleep|runble|run) +init\r\n2 (sleep|runble|run) +sh\r\n/);
    command.stdin.write('\x04');
    await finished(command);
  });

  const machines: readonly [string, string][] = [
    ['an idle machine', ''],
    ['a busy hart', 'spin &'],
  ];
  it.each(sampled(machines, machines.length, 1))('is the host’s again after Ctrl-C stopped %s', async (_what, line) => {
    const command = told('');
    await until(command, '$ ');
    command.stdin.write(`${line}\r`);
    await until(command, `$ ${line}\r\n$ `);
    command.stdin.write(CTRL_C);
    const { stdout } = await finished(command);
    expect(stdout).toMatch(/ledger: 1 audit, every frame accounted for/);
    expect(stdout).toMatch(/\r\nstatus 130\r\ncooked\r\n$/);
  });
});
