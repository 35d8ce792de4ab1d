import type { Contents } from './contents.js';
import type { Directories } from './directories.js';
import { DIRSIZ, FileType, ROOTINO } from './format.js';
import type { Inodes } from './inodes.js';

/** The directory that the last name of a path is, or would be, in. */
export interface Parent {
  /** The directory's inode; whoever is given it has a reference to it. */
  readonly dp: number;
  readonly name: string;
}

/** Paths: names between slashes, of each of which the first DIRSIZ letters count. */
export class Paths {
  constructor(
    private readonly inodes: Inodes,
    private readonly contents: Contents,
    private readonly directories: Directories,
  ) {}

  /** The inode that the path leads to, from `cwd` when it does not begin with a slash; 0 when it leads nowhere. */
  namei(path: string, cwd: number): number {
    return this.walk(path, cwd, elements(path));
  }

  nameiparent(path: string, cwd: number): Parent | undefined {
    const names = elements(path);
    const name = names.pop();
    if (name === undefined) return undefined;
    const dp = this.walk(path, cwd, names);
    if (dp === 0) return undefined;
    if (this.inodes.read(dp).type === FileType.Directory) return { dp, name };
    this.contents.iput(dp);
    return undefined;
  }

  private walk(path: string, cwd: number, names: readonly string[]): number {
    let ip = path.startsWith('/') ? this.inodes.iget(ROOTINO) : this.inodes.idup(cwd);
    for (const name of names) {
      const next = this.step(ip, name);
      this.contents.iput(ip);
      if (next === 0) return 0;
      ip = next;
    }
    return ip;
  }

  private step(ip: number, name: string): number {
    if (this.inodes.read(ip).type !== FileType.Directory) return 0;
    const entry = this.directories.dirlookup(ip, name);
    // A directory that was removed while somebody is in it still names its parent, which may be gone as well.
    return entry === undefined || this.inodes.isFree(entry.inum) ? 0 : this.inodes.iget(entry.inum);
  }
}

function elements(path: string): string[] {
  const names: string[] = [];
  for (const name of path.split('/')) if (name !== '') names.push(name.slice(0, DIRSIZ));
  return names;
}
