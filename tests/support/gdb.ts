import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** Where Debian puts a GDB that knows RISC-V. */
const GDB = '/usr/bin/gdb-multiarch';

/** Tests that need a debugger are skipped where there is none, but not where it was promised: `.ci/run` does. */
export const lacksGdb = !existsSync(GDB) && process.env.HARTBREAK_HAS_GDB === undefined;

/** What GDB prints for these commands, stderr and all, with the kernel's symbols and the machine at the port. */
export async function gdb(port: number, kernel: string, commands: readonly string[]): Promise<string> {
  const begin = [
    'set confirm off',
    'set pagination off',
    'set width 0',
    `file ${kernel}`,
    `target remote 127.0.0.1:${port}`,
  ];
  const options = [...begin, ...commands].flatMap((command) => ['-ex', command]);
  const { stdout, stderr }: ChildProcessWithoutNullStreams = spawn(GDB, ['-nx', '-batch', ...options]);
  const [printed, complained] = await Promise.all([text(stdout), text(stderr)]);
  return printed + complained;
}
