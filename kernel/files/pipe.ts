import { PAGE_SIZE } from '../../src/isa/sv39.js';
import { KernelEvent } from '../../src/memory/access.js';
import { bytes, struct, u32 } from '../../src/memory/struct.js';
import type { KernelContext } from '../context.js';
import { spinlock } from '../locks/spinlock.js';
import type { CopyUser } from '../memory/copy-user.js';
import type { Kalloc } from '../memory/kalloc.js';
import type { ProcessTable } from '../process/proc.js';
import { proc } from '../process/proc-struct.js';
import type { Sleep } from '../process/sleep.js';
import { GONE } from '../trap/syscall-result.js';

/** Bytes that a pipe holds. */
export const PIPESIZE = 512;

/** Lies at the start of a frame of its own. */
export const pipe = struct('pipe', {
  lock: spinlock,

  // pipe.lock must be held when using these.
  /** Bytes read and written so far, modulo 2^32. Their addresses are the channels of those who wait for the other to grow. */
  nread: u32,
  nwrite: u32,
  /** 1: a file is open for that end. */
  readopen: u32,
  writeopen: u32,
  data: bytes(PIPESIZE),
});
const { lock, nread, nwrite, readopen, writeopen, data } = pipe.fields;
const { pagetable, progress } = proc.fields;

/** Pipes, named by their address. Who calls has a reference to an open file on that end. */
export class Pipes {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly kalloc: Kalloc,
    protected readonly copyUser: CopyUser,
    protected readonly table: ProcessTable,
    protected readonly sleep: Sleep,
  ) {}

  /** A new pipe, both ends open; 0 when there is no memory. The caller holds its frame until a file refers to it. */
  create(): number {
    const { mem } = this.cx;
    const pi = this.kalloc.kalloc();
    if (pi === 0) return 0;
    mem.note(KernelEvent.HoldTaken, pi, 0);
    mem.fill(pi, 0, pipe.size);
    readopen.store(mem, pi, 1);
    writeopen.store(mem, pi, 1);
    return pi;
  }

  /** Closes one end. With the second, the pipe is gone. */
  close(pi: number, writable: boolean): void {
    const { mem, spin } = this.cx;
    spin.acquire(lock.at(pi));
    (writable ? writeopen : readopen).store(mem, pi, 0);
    this.sleep.wakeup(pi + (writable ? nread : nwrite).offset);
    const last = readopen.load(mem, pi) === 0 && writeopen.load(mem, pi) === 0;
    spin.release(lock.at(pi));
    // Nobody has a file that leads here any more.
    if (last) this.kalloc.kfree(pi);
  }

  /** Up to `n` bytes to user address `to`; waits while there are none. How many; 0: and there never will be any; -1: killed, or no place to write to. */
  read(p: number, pi: number, to: number, n: number): number {
    const { mem, spin } = this.cx;
    spin.acquire(lock.at(pi));
    if (nread.load(mem, pi) === nwrite.load(mem, pi) && writeopen.load(mem, pi) !== 0) {
      if (this.sleep.sleep(p, pi + nread.offset, lock.at(pi))) return GONE;
      spin.release(lock.at(pi));
      return -1;
    }
    const done = this.drain(p, pi, to, n);
    this.sleep.wakeup(pi + nwrite.offset);
    spin.release(lock.at(pi));
    return done;
  }

  /**
   * Writes `n` bytes from user address `from`; waits while the pipe is full. How many: fewer when the user's memory ends
   * before; -1: nobody can read them, or killed. Progress: bytes written so far.
   */
  write(p: number, pi: number, from: number, n: number, resumed: boolean): number {
    const { mem, spin } = this.cx;
    let done = resumed ? progress.load(mem, p) : 0;
    spin.acquire(lock.at(pi));
    while (done < n) {
      if (readopen.load(mem, pi) === 0 || this.table.isKilled(p)) {
        // Killed half-way, it has put something in, and others may hold the writing end open. (xv6 forgets them.)
        this.sleep.wakeup(pi + nread.offset);
        spin.release(lock.at(pi));
        return -1;
      }
      const room = PIPESIZE - this.filled(pi);
      if (room === 0) {
        this.sleep.wakeup(pi + nread.offset);
        progress.store(mem, p, done);
        if (this.sleep.sleep(p, pi + nwrite.offset, lock.at(pi))) return GONE;
        continue;
      }
      const added = this.fill(p, pi, from + done, Math.min(n - done, room));
      if (added === 0) break;
      done += added;
    }
    this.sleep.wakeup(pi + nread.offset);
    spin.release(lock.at(pi));
    return done;
  }

  /** Takes what is there, at most `n` bytes, a piece that neither wraps in the pipe nor crosses a user page at a time. */
  private drain(p: number, pi: number, to: number, n: number): number {
    const { mem } = this.cx;
    const wanted = Math.min(n, this.filled(pi));
    let done = 0;
    while (done < wanted) {
      const seen = nread.load(mem, pi);
      const at = seen % PIPESIZE;
      const piece = Math.min(wanted - done, PIPESIZE - at, PAGE_SIZE - ((to + done) % PAGE_SIZE));
      const content = mem.read(data.at(pi) + at, piece);
      if (!this.copyUser.copyout(pagetable.load(mem, p), to + done, content)) return done === 0 ? -1 : done;
      nread.store(mem, pi, (seen + piece) >>> 0);
      done += piece;
    }
    return done;
  }

  /** Adds up to `n` bytes, for which there is room: as many as lie on one user page and do not wrap. 0: there is no such user memory. */
  private fill(p: number, pi: number, from: number, n: number): number {
    const { mem } = this.cx;
    const seen = nwrite.load(mem, pi);
    const at = seen % PIPESIZE;
    const content = this.copyUser.copyin(pagetable.load(mem, p), from, Math.min(n, PIPESIZE - at));
    if (content === undefined) return 0;
    mem.write(data.at(pi) + at, content);
    nwrite.store(mem, pi, (seen + content.length) >>> 0);
    return content.length;
  }

  private filled(pi: number): number {
    return (nwrite.load(this.cx.mem, pi) - nread.load(this.cx.mem, pi)) >>> 0;
  }
}
