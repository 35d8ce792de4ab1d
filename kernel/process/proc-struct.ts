import { array, atomic32, bytes, i32, struct, u32, u64 } from '../../src/memory/struct.js';
import { spinlock } from '../locks/spinlock.js';
import { NAME_BYTES, NOFILE } from '../params.js';

export const ProcState = { Unused: 0, Used: 1, Sleeping: 2, Runnable: 3, Running: 4, Zombie: 5 } as const;
export type ProcState = (typeof ProcState)[keyof typeof ProcState];

/**
 * User registers while the process does not run. While it does, in user code or in the kernel, they are in the hart.
 * Inside struct proc and not, as in xv6, on a page that the user page table maps: no code of ours runs on that table.
 */
export const trapframe = struct('trapframe', {
  x: array(u64, 32),
  epc: u64,
});

/** Per-process state. */
export const proc = struct('proc', {
  lock: spinlock,

  // p->lock must be held to change these. They are atomic so that a search may look first and lock only what it wants;
  // what it finds must be looked at again under the lock.
  /** A `ProcState`. */
  state: atomic32,
  /** 1: to exit at the next opportunity. */
  killed: atomic32,
  pid: atomic32,
  /** What it sleeps on: an address, whatever lies there. */
  chan: atomic32,
  /** The hart that was the last to run it; before that, the one that made it. */
  lastHart: atomic32,

  // p->lock must be held when using this.
  /** Exit status for the parent's wait. */
  xstate: i32,

  // wait_lock must be held when using this.
  /** Address of the parent's struct proc. */
  parent: u32,

  // Private to the process: to the hart that runs it, or that creates or reaps it.
  /** 1: a system call slept, and whichever hart takes the process up must call it again. */
  restarting: u32,
  /** How far the sleeping call has come; its own business. */
  progress: u32,
  /** Root page table (physical), or 0. */
  pagetable: u32,
  /** Size of process memory, in bytes. */
  sz: u64,
  /** In exec: the root of the second address space that the process has, the new one until the switch and then the old one, so that the ledger can account for it; else 0. */
  newPagetable: u32,
  /** Bit fd: file descriptor fd is open. Spares those who have none open from looking at all of them. */
  openFiles: u32,
  /** By file descriptor: address of the open file's struct; meaningful where `openFiles` says so. */
  files: array(u32, NOFILE),
  /** Current directory: address of the in-core inode, or 0 on a machine without a disk. */
  cwd: u32,
  trapframe,
  /** For messages; zero-terminated. */
  name: bytes(NAME_BYTES),
});
