import { MAXVA } from '../src/isa/sv39.js';
import type { KernelContext } from './context.js';
import { printf } from './printf.js';
import type { ProcessTable } from './proc.js';
import type { SysFile } from './sys-file.js';
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
  constructor(private readonly cx: KernelContext) {}

  /** The nth argument as a C int. */
  argint(n: number): number {
    return Number(BigInt.asIntN(32, this.cx.hart.getX(A0 + n)));
  }
  /** As a user address; MAXVA, which is nobody's, for any beyond. */
  argaddr(n: number): number {
    const address = this.cx.hart.getNumber(A0 + n);
    return address >= 0 && address < MAXVA ? address : MAXVA;
  }
}

export class Syscalls {
  private readonly handlers: readonly (Handler | undefined)[];

  constructor(
    protected readonly cx: KernelContext,
    protected readonly table: ProcessTable,
    processes: SysProc,
    files: SysFile,
  ) {
    const rows: readonly (readonly [number, Handler])[] = [
      [Sys.fork, (p) => processes.fork(p)],
      [Sys.exit, (p) => processes.exit(p)],
      [Sys.wait, (p) => processes.wait(p)],
      [Sys.kill, () => processes.kill()],
      [Sys.getpid, (p) => processes.getpid(p)],
      [Sys.sbrk, (p) => processes.sbrk(p)],
      [Sys.sleep, (p, resumed) => processes.sleep(p, resumed)],
      [Sys.uptime, () => processes.uptime()],
      [Sys.read, (p, resumed) => files.read(p, resumed)],
      [Sys.write, (p) => files.write(p)],
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
