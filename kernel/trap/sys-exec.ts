import { PAGE_SIZE } from '../../src/isa/sv39.js';
import type { KernelContext } from '../context.js';
import { get64 } from '../fs/format.js';
import type { CopyUser } from '../memory/copy-user.js';
import { MAXARG } from '../params.js';
import { type Exec, ProgramRegister } from '../process/exec.js';
import { proc } from '../process/proc-struct.js';
import type { Arguments } from './syscall.js';

const { pagetable, sz, cwd } = proc.fields;
const POINTER_SIZE = 8;

/** The exec call: what the user asks for, fetched, and what the new program finds in its registers. */
export class SysExec {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly args: Arguments,
    protected readonly copyUser: CopyUser,
    protected readonly programs: Exec,
  ) {}

  /** argc, which is what main finds in a0; -1, and the process is what it was. */
  exec(p: number): number {
    const { mem, hart } = this.cx;
    const path = this.args.argstr(p, 0);
    const argv = path === undefined ? undefined : this.fetchArguments(p, this.args.argaddr(1));
    if (path === undefined || argv === undefined) return -1;
    const image = this.programs.find(path, cwd.load(mem, p));
    const program = image === undefined ? undefined : this.programs.replace(p, image, argv, path);
    if (program === undefined || typeof program === 'string') return -1;
    hart.pc = BigInt(program.entry);
    hart.setX(ProgramRegister.sp, BigInt(program.sp));
    hart.setX(ProgramRegister.a1, BigInt(program.sp));
    return program.argc;
  }

  /** The strings that the array of pointers at `at` leads to; undefined when one cannot be read or has no end, or there are too many. */
  private fetchArguments(p: number, at: number): Uint8Array[] | undefined {
    const { mem } = this.cx;
    const root = pagetable.load(mem, p);
    const size = sz.load(mem, p);
    const argv: Uint8Array[] = [];
    // The array has MAXARG places, the last of them for the zero.
    for (let place = at; argv.length < MAXARG; place += POINTER_SIZE) {
      if (place + POINTER_SIZE > size) return undefined;
      const pointer = this.copyUser.copyinUpTo(root, place, POINTER_SIZE);
      if (pointer.length < POINTER_SIZE) return undefined;
      const address = Number(get64(pointer, 0));
      if (address === 0) return argv;
      const argument = this.copyUser.copyinstr(root, address, PAGE_SIZE);
      if (argument === undefined) return undefined;
      argv.push(argument);
    }
    return undefined;
  }
}
