import type { KernelContext } from '../context.js';
import type { FileSystem } from '../fs/file-system.js';
import { NOFILE } from '../params.js';
import { proc } from '../process/proc-struct.js';
import type { FileTable } from './file-table.js';

const { openFiles, files, cwd } = proc.fields;
const ALL_OPEN = 2 ** NOFILE - 1;
const WORD = 4;

/** What a process has of the file system: its file descriptors, and where its paths begin. Only the process itself changes it. */
export class Descriptors {
  constructor(
    protected readonly cx: KernelContext,
    protected readonly table: FileTable,
    protected readonly fs: FileSystem,
  ) {}

  /** The file that the descriptor refers to, or 0. */
  fileOf(p: number, fd: number): number {
    const { mem } = this.cx;
    if (fd < 0 || fd >= NOFILE || (openFiles.load(mem, p) & (1 << fd)) === 0) return 0;
    return mem.load32(files.at(p, fd));
  }

  /** The lowest free descriptor, which refers to the file from here on and takes over a reference; -1 when none is free. */
  add(p: number, f: number): number {
    const { mem } = this.cx;
    const open = openFiles.load(mem, p);
    const free = ~open & ALL_OPEN;
    if (free === 0) return -1;
    const fd = 31 - Math.clz32(free & -free);
    mem.store32(files.at(p, fd), f);
    openFiles.store(mem, p, open | (1 << fd));
    return fd;
  }

  /** The descriptor refers to nothing any more; its reference is the caller's. */
  remove(p: number, fd: number): void {
    const { mem } = this.cx;
    openFiles.store(mem, p, openFiles.load(mem, p) & ~(1 << fd));
  }

  /** fork: np, which nobody knows yet, gets what p has. */
  inherit(p: number, np: number): void {
    const { mem, layout } = this.cx;
    const open = openFiles.load(mem, p);
    if (open !== 0) {
      this.eachFile(p, open, (f, count) => this.table.dup(f, count));
      mem.copy(files.at(np, 0), files.at(p, 0), NOFILE * WORD);
      openFiles.store(mem, np, open);
    }
    if (layout.config.diskBlocks > 0) {
      const directory = cwd.load(mem, p);
      this.fs.transaction(() => this.fs.idup(directory));
      cwd.store(mem, np, directory);
    }
  }

  /** exit: the running process has nothing any more. */
  closeAll(p: number): void {
    const { mem, layout } = this.cx;
    const open = openFiles.load(mem, p);
    if (open !== 0) {
      openFiles.store(mem, p, 0);
      this.eachFile(p, open, (f, count) => this.table.close(f, count));
    }
    if (layout.config.diskBlocks > 0) {
      const directory = cwd.load(mem, p);
      cwd.store(mem, p, 0);
      this.fs.transaction(() => this.fs.iput(directory));
    }
  }

  /**
   * The files of the open descriptors, and how many neighbours refer to each: a process and its children have the console
   * open three times, and to count them one by one would be three atomic additions to a word that all harts count on.
   */
  private eachFile(p: number, open: number, visit: (f: number, count: number) => void): void {
    const { mem } = this.cx;
    let last = 0;
    let count = 0;
    for (let fd = 0; fd < NOFILE; fd++) {
      if ((open & (1 << fd)) === 0) continue;
      const f = mem.load32(files.at(p, fd));
      if (f !== last && count > 0) {
        visit(last, count);
        count = 0;
      }
      last = f;
      count++;
    }
    if (count > 0) visit(last, count);
  }
}
