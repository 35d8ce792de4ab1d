import type { Contents } from './contents.js';
import type { Directories, Entry } from './directories.js';
import { FileType, MAX_NLINK } from './format.js';
import type { Inodes } from './inodes.js';
import type { Paths } from './paths.js';

/** What makes and removes names. 0 and -1 are what xv6's system calls return. */
export class Names {
  constructor(
    private readonly inodes: Inodes,
    private readonly contents: Contents,
    private readonly directories: Directories,
    private readonly paths: Paths,
  ) {}

  create(path: string, cwd: number, type: FileType, major: number, minor: number): number {
    const parent = this.paths.nameiparent(path, cwd);
    if (parent === undefined) return 0;
    const { dp, name } = parent;
    const entry = this.directories.dirlookup(dp, name);
    const ip = entry === undefined ? this.make(dp, name, type, major, minor) : this.existing(entry, type);
    this.contents.iput(dp);
    return ip;
  }

  link(from: string, to: string, cwd: number): number {
    const ip = this.paths.namei(from, cwd);
    if (ip === 0) return -1;
    const parent = this.paths.nameiparent(to, cwd);
    const linked = parent !== undefined && this.enter(parent.dp, parent.name, ip);
    if (parent !== undefined) this.contents.iput(parent.dp);
    this.contents.iput(ip);
    return linked ? 0 : -1;
  }

  unlink(path: string, cwd: number): number {
    const parent = this.paths.nameiparent(path, cwd);
    if (parent === undefined) return -1;
    const { dp, name } = parent;
    const entry = name === '.' || name === '..' ? undefined : this.directories.dirlookup(dp, name);
    const removed = entry !== undefined && this.remove(dp, entry);
    this.contents.iput(dp);
    return removed ? 0 : -1;
  }

  /** A file or device that is there already, when a file is asked for; else 0. */
  private existing({ inum }: Entry, type: FileType): number {
    const ip = this.inodes.iget(inum);
    const found = this.inodes.read(ip).type;
    if (type === FileType.File && (found === FileType.File || found === FileType.Device)) return ip;
    this.contents.iput(ip);
    return 0;
  }

  /** A new inode under a new name, with `.` and `..` when it is a directory; 0 when it cannot be. */
  private make(dp: number, name: string, type: FileType, major: number, minor: number): number {
    const directory = type === FileType.Directory;
    if (!this.takesNames(dp) || (directory && this.inodes.read(dp).nlink === MAX_NLINK)) return 0;
    const ip = this.inodes.ialloc(type);
    if (ip === 0) return 0;
    const inum = this.inodes.inumOf(ip);
    const dots = [
      ['.', inum],
      ['..', this.inodes.inumOf(dp)],
    ] as const;
    const made =
      (!directory || dots.every(([dot, to]) => this.directories.dirlink(ip, dot, to))) &&
      this.directories.dirlink(dp, name, inum);
    if (made) {
      this.inodes.update(ip, { ...this.inodes.read(ip), major, minor, nlink: 1 });
      if (directory) this.addLinks(dp, 1); // its ".."
      return ip;
    }
    this.contents.iput(ip); // it has no links, so this frees it
    return 0;
  }

  private enter(dp: number, name: string, ip: number): boolean {
    const { type, nlink } = this.inodes.read(ip);
    if (type === FileType.Directory || nlink === MAX_NLINK || !this.takesNames(dp)) return false;
    if (!this.directories.dirlink(dp, name, this.inodes.inumOf(ip))) return false;
    this.addLinks(ip, 1);
    return true;
  }

  private remove(dp: number, entry: Entry): boolean {
    const ip = this.inodes.iget(entry.inum);
    const directory = this.inodes.read(ip).type === FileType.Directory;
    const removable = !directory || this.directories.isEmpty(ip);
    if (removable) {
      this.directories.remove(dp, entry);
      if (directory) this.addLinks(dp, -1); // its ".."
      this.addLinks(ip, -1);
    }
    this.contents.iput(ip);
    return removable;
  }

  /** A directory that was removed while somebody is in it takes none: what they name would be lost with it. (xv6 loses it.) */
  private takesNames(dp: number): boolean {
    return this.inodes.read(dp).nlink > 0;
  }

  private addLinks(ip: number, by: number): void {
    const inode = this.inodes.read(ip);
    this.inodes.update(ip, { ...inode, nlink: inode.nlink + by });
  }
}
