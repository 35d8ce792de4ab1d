import { MAXVA, PAGE_SIZE } from '../src/isa/sv39.js';

/** Harts must not slow one another down by writing into one cache line. */
export const CACHE_LINE = 64;
/** Processes at once; `--processes`. */
export const NPROC = { min: 1, max: 4096, default: 64 } as const;
/** Most arguments that exec passes on. */
export const MAXARG = 32;
/** Pages of user stack, below which lies the guard page. */
export const USERSTACK = 1;
/** Where user memory must end: xv6 has the process's trapframe and the trampoline on the two pages above. */
export const TRAPFRAME = MAXVA - 2 * PAGE_SIZE;
/** Bytes of a process name, with the terminating zero. */
export const NAME_BYTES = 16;
/** Open files of one process. */
export const NOFILE = 16;
/** Open files of all processes together: xv6's 100 for its 64 processes, and never fewer. */
export const NFILE = (processes: number): number => Math.max(100, Math.ceil((processes * 100) / 64));
/** Longest path that a system call takes, in bytes, with the terminating zero. */
export const MAXPATH = 128;
/** Most blocks that one file-system operation may change. */
export const MAXOPBLOCKS = 10;
/** Blocks of the log on an image that we make, its header included. */
export const LOGSIZE = 3 * MAXOPBLOCKS;
/** Bytes of a file-system block. */
export const BSIZE = 1024;
/** Major device numbers; the console's is the only one there is. */
export const NDEV = 10;
export const CONSOLE = 1;
/** Length of a clock tick, in milliseconds. */
export const TICK_MS = 100;
/** Pids are C ints. */
export const MAX_PID = 0x7fff_ffff;
