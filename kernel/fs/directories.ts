import type { Contents } from './contents.js';
import { DIRENT_SIZE, dirent, get16, isNamed } from './format.js';
import type { Inodes } from './inodes.js';

/** An entry of a directory. */
export interface Entry {
  readonly inum: number;
  /** In bytes from the beginning of the directory. */
  readonly offset: number;
}

/** Directories: files that map names to inode numbers. Names have at most DIRSIZ letters, one for each byte. */
export class Directories {
  constructor(
    private readonly inodes: Inodes,
    private readonly contents: Contents,
  ) {}

  dirlookup(dp: number, name: string): Entry | undefined {
    const entries = this.entries(dp);
    for (let offset = 0; offset < entries.length; offset += DIRENT_SIZE) {
      const inum = get16(entries, offset);
      if (inum !== 0 && isNamed(entries, offset, name)) return { inum, offset };
    }
    return undefined;
  }

  /** Enters a name. false: it is there already, or the disk is full. */
  dirlink(dp: number, name: string, inum: number): boolean {
    if (this.dirlookup(dp, name) !== undefined) return false;
    const entries = this.entries(dp);
    let offset = 0;
    while (offset < entries.length && get16(entries, offset) !== 0) offset += DIRENT_SIZE;
    return this.contents.writei(dp, offset, dirent(inum, name)) === DIRENT_SIZE;
  }

  /** Clears an entry that is there. */
  remove(dp: number, { offset }: Entry): void {
    this.contents.writei(dp, offset, new Uint8Array(DIRENT_SIZE));
  }

  /** Whether it has no entries but `.` and `..`, its first two. */
  isEmpty(dp: number): boolean {
    const entries = this.entries(dp);
    for (let offset = 2 * DIRENT_SIZE; offset < entries.length; offset += DIRENT_SIZE)
      if (get16(entries, offset) !== 0) return false;
    return true;
  }

  private entries(dp: number): Uint8Array {
    return this.contents.readi(dp, 0, this.inodes.read(dp).size);
  }
}
