import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { hartbreak, start } from '../support/command-line.js';
import { gdb, lacksGdb } from '../support/gdb.js';
import { GUEST_KERNEL } from '../support/guest-kernel.js';
import { inProcess } from '../support/in-process.js';
import { isLongForm } from '../support/long-form.js';

/** `hartbreak boot` with a debugger's port. */
class Boot {
  stdout = '';
  stderr = '';
  private readonly command;
  private readonly closed;

  constructor(...options: readonly string[]) {
    this.command = start('boot', GUEST_KERNEL, ...options, '--gdb', '0');
    this.command.stdout.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.command.stderr.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.closed = once(this.command, 'close');
  }

  /** The port that it says it serves GDB at. */
  async port(): Promise<number> {
    const { command, closed } = this;
    for (;;) {
      const [, port] = /target remote :(\d+)\n/.exec(this.stderr) ?? [];
      if (port !== undefined) return Number(port);
      const ended = closed.then(() => {
        throw new Error(`the command has ended without serving GDB: ${this.stderr}`);
      });
      await Promise.race([once(command.stderr, 'data'), ended]);
    }
  }

  async gdb(...commands: readonly string[]): Promise<string> {
    return await gdb(await this.port(), GUEST_KERNEL, commands);
  }

  /** Its exit status, once it has ended. */
  async status(): Promise<number> {
    const [status] = await this.closed;
    return status;
  }
}

describe.skipIf(lacksGdb)('GDB at a machine', () => {
  it('stops it at a function, and shows the stack in C and another hart', async () => {
    const boot = new Boot('--harts', '3');
    const printed = await boot.gdb(
      'info threads',
      'break page_take',
      'continue',
      'backtrace',
      'thread 3',
      'info registers pc tp priv',
      'backtrace',
      'print stacks[0] == *(unsigned char *)&stacks',
      'kill',
    );
    expect(printed).toMatch(/Thread 3 \(hart 2, machine mode\)/);
    expect(printed).toMatch(/Thread \d hit Breakpoint 1, page_take \(\) at src\/pages\.c:\d+/);
    expect(printed).toMatch(/#0 {2}page_take \(\) at src\/pages\.c:\d+\n#1 .* table \(\) at src\/paging\.c:\d+\n/);
    expect(printed).toMatch(/main \(\) at src\/main\.c:\d+/);
    expect(printed).toMatch(/Switching to thread 3[\s\S]*pc +0x8000[0-9a-f]+[\s\S]*prv:1 \[Supervisor\]/);
    expect(printed).toMatch(/#0 .*main \(\) at src\/main\.c:\d+/);
    expect(printed).toContain('$1 = 1');
    expect(await boot.status()).toBe(0);
  });

  it.runIf(isLongForm)('steps one hart while the others stand still', async () => {
    const boot = new Boot('--harts', '2');
    const printed = await boot.gdb(
      'break page_take',
      'continue',
      'set scheduler-locking on',
      'thread 2',
      'set $before = $pc',
      'thread 1',
      'print $pc == &page_take',
      'stepi',
      'stepi',
      'stepi',
      'print $pc > (char *)&page_take && $pc <= (char *)&page_take + 12',
      'next',
      'print $pc == &page_take',
      'thread 2',
      'print $pc == $before',
      'kill',
    );
    expect(printed.match(/^\$\d = .*$/gm)).toEqual(['$1 = 1', '$2 = 1', '$3 = 0', '$4 = 1']);
    expect(await boot.status()).toBe(0);
  });

  it.runIf(isLongForm)('goes, and the machine runs on without it', async () => {
    const boot = new Boot('--harts', '2', '--until', 'all is well|no disk', '--fail', 'never');
    const printed = await boot.gdb('break page_take', 'continue', 'detach');
    expect(printed).toContain('hit Breakpoint 1');
    expect(await boot.status()).toBe(0);
    expect(boot.stdout).toContain('2 harts');
  });
});

describe('--gdb', () => {
  it('is refused with a port that there is none of, and with translated code', async () => {
    for (const [options, line] of [
      [['--gdb', '65536'], "--gdb must be a whole number from 0 to 65535, not '65536'"],
      [
        ['--gdb', '0', '--engine', 'translator'],
        '--gdb wants the interpreter, whose code it can step through; leave out --engine',
      ],
    ] as const) {
      const { status, stderr } = await inProcess('boot', GUEST_KERNEL, ...options);
      expect([status, stderr]).toEqual([2, expect.stringContaining(line)]);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });

  it('says in one line when somebody else has the port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { status, stderr } = await hartbreak('boot', GUEST_KERNEL, '--gdb', String(port));
    other.close();
    expect(stderr).toMatch(/--gdb cannot have port \d+ \(EADDRINUSE\); give another one, or 0 for any that is free\n$/);
    expect(status).toBe(2);
  });
});
