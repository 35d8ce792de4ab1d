import { MAXVA } from '../../src/isa/sv39.js';
import type { KernelContext } from '../context.js';
import { printf } from '../files/printf.js';
import { letters } from '../fs/letters.js';
import type { CopyUser } from '../memory/copy-user.js';
import { MAXPATH } from '../params.js';
import type { ProcessTable } from '../process/proc.js';
import { proc } from '../process/proc-struct.js';
import type { SysExec } from './sys-exec.js';
import type { SysFile } from './sys-file.js';
import type { SysPath } from './sys-path.js';
import type { SysProc } from './sys-proc.js';
import { GONE } from './syscall-result.js';

/** System call numbers: xv6's. */
export const Sys = {
  fork: 1,
  exit: 2,
  wait: 3,
  pipe: 4,
  read: 5,
  kill: 6,
  exec: 7,
  fstat: 8,
  chdir: 9,
  dup: 10,
  getpid: 11,
  sbrk: 12,
  sleep: 13,
  uptime: 14,
  open: 15,
  write: 16,
  mknod: 17,
  unlink: 18,
  link: 19,
  mkdir: 20,
  close: 21,
} as const;

/** Registers of the calling convention. */
const A0 = 10;
const A7 = 17;
/** Bytes of an ecall. */
const ECALL_SIZE = 4n;

/** Carries a call out for process p; `resumed`: it slept, and this is its next attempt. */
type Handler = (p: number, resumed: boolean) => number;

/** The arguments of the call under way: they stay in the hart's registers until it has returned. */
export class Arguments {
  constructor(
    private readonly cx: KernelContext,
    private readonly copyUser: CopyUser,
  ) {}

  /** The nth argument as a C int. */
  argint(n: number): number {
    return Number(BigInt.asIntN(32, this.cx.hart.getX(A0 + n)));
  }
  /** As a user address; MAXVA, which is nobody's, for any beyond. */
  argaddr(n: number): number {
    const address = this.cx.hart.getNumber(A0 + n);
    return address >= 0 && address < MAXVA ? address : MAXVA;
  }
  /** As the address of a path of process p: its bytes; undefined when it cannot be read or is too long. */
  argstr(p: number, n: number): Uint8Array | undefined {
    return this.copyUser.copyinstr(proc.fields.pagetable.load(this.cx.mem, p), this.argaddr(n), MAXPATH);
  }
  /** The same as the file system takes it: a letter for each byte. */
  argpath(p: number, n: number): string | undefined {
    const bytes = this.argstr(p, n);
    return bytes === undefined ? undefined : letters(bytes);
  }
}

export class Syscalls {
  private readonly handlers: readonly (Handler | undefined)[];

  constructor(
    protected readonly cx: KernelContext,
    protected readonly table: ProcessTable,
    processes: SysProc,
    files: SysFile,
    paths: SysPath,
    programs: SysExec,
  ) {
    const rows: readonly (readonly [number, Handler])[] = [
      [Sys.fork, (p, resumed) => processes.fork(p, resumed)],
      [Sys.exit, (p) => processes.exit(p)],
      [Sys.wait, (p) => processes.wait(p)],
      [Sys.pipe, (p) => files.pipe(p)],
      [Sys.read, (p, resumed) => files.read(p, resumed)],
      [Sys.kill, () => processes.kill()],
      [Sys.exec, (p) => programs.exec(p)],
      [Sys.fstat, (p) => files.fstat(p)],
      [Sys.chdir, (p) => paths.chdir(p)],
      [Sys.dup, (p) => files.dup(p)],
      [Sys.getpid, (p) => processes.getpid(p)],
      [Sys.sbrk, (p) => processes.sbrk(p)],
      [Sys.sleep, (p, resumed) => processes.sleep(p, resumed)],
      [Sys.uptime, () => processes.uptime()],
      [Sys.open, (p) => paths.open(p)],
      [Sys.write, (p, resumed) => files.write(p, resumed)],
      [Sys.mknod, (p) => paths.mknod(p)],
      [Sys.unlink, (p) => paths.unlink(p)],
      [Sys.link, (p) => paths.link(p)],
      [Sys.mkdir, (p) => paths.mkdir(p)],
      [Sys.close, (p) => files.close(p)],
    ];
    const handlers: (Handler | undefined)[] = [];
    for (const [number, handler] of rows) handlers[number] = handler;
    this.handlers = handlers;
  }

  /** The running process has executed an ecall: it goes on behind it. false: it does not run here any more. */
  syscall(p: number): boolean {
    const { hart } = this.cx;
    hart.pc += ECALL_SIZE;
    return this.call(p, false);
  }

  /** The running process, whose system call slept, has been woken: calls it anew. */
  restart(p: number): boolean {
    return this.call(p, true);
  }

  private call(p: number, resumed: boolean): boolean {
    const { hart } = this.cx;
    const number = hart.getNumber(A7);
    const handler = this.handlers[number];
    const result = handler === undefined ? this.unknown(p, number) : handler(p, resumed);
    if (result === GONE) return false;
    hart.setX(A0, BigInt(result));
    return true;
  }

  private unknown(p: number, number: number): number {
    const { pid, name } = this.table.describe(p);
    printf(this.cx.console, `${pid} ${name}: unknown sys call ${number | 0}\n`);
    return -1;
  }
}
