import { FileType, ROOTINO } from './format.js';
import type { ImageView, NamedInode } from './image-view.js';

/** What is wrong with the directories, or with the links that inodes count; their blocks are sound. */
export function checkNames(view: ImageView): string | undefined {
  return new NameCheck(view).run();
}

class NameCheck {
  /** Links that each inode ought to have, by its number. The root has one that is nobody's. */
  private readonly links = new Map([[ROOTINO, 1]]);
  /** Directories to look into, and the directory that each is in. */
  private readonly todo = [{ inum: ROOTINO, parent: ROOTINO }];

  constructor(private readonly view: ImageView) {}

  run(): string | undefined {
    if (this.view.inode(ROOTINO).type !== FileType.Directory) return `inode ${ROOTINO}, the root, is no directory`;
    for (const { inum, parent } of this.todo) {
      const problem = this.directory(inum, parent);
      if (problem !== undefined) return problem;
    }
    return this.counts();
  }

  private directory(inum: number, parent: number): string | undefined {
    const [self, up, ...entries] = this.view.entries(this.view.inode(inum));
    if (!is(self, '.', inum)) return `directory ${inum} has no '.' that is itself`;
    if (!is(up, '..', parent)) return `directory ${inum} has no '..' that is directory ${parent}, which it is in`;
    const seen = new Set(['.', '..']);
    for (const entry of entries) {
      const problem = entry === undefined ? undefined : this.entry(inum, entry, seen);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private entry(directory: number, { name, inum }: NamedInode, seen: Set<string>): string | undefined {
    const where = `directory ${directory} has an entry '${name}'`;
    if (name === '' || name.includes('/')) return `${where}, which is no name`;
    if (seen.has(name)) return `${where} twice`;
    seen.add(name);
    if (inum >= this.view.superblock.ninodes) return `${where} for inode ${inum}, which there is not`;
    const { type } = this.view.inode(inum);
    if (type === FileType.Free) return `${where} for inode ${inum}, which is free`;
    if (type === FileType.Directory) {
      if (this.links.has(inum)) return `${where} for directory ${inum}, which is in another already`;
      this.link(directory);
      this.todo.push({ inum, parent: directory });
    }
    this.link(inum);
    return undefined;
  }

  private counts(): string | undefined {
    for (const inum of this.view.inums()) {
      const { type, nlink } = this.view.inode(inum);
      const links = this.links.get(inum) ?? 0;
      if (type === FileType.Free || nlink === links) continue;
      if (links === 0) return `inode ${inum} is lost: it counts ${nlink} links, but no directory names it`;
      return `inode ${inum} counts ${nlink} links, but has ${links}`;
    }
    return undefined;
  }

  private link(inum: number): void {
    this.links.set(inum, (this.links.get(inum) ?? 0) + 1);
  }
}

function is(entry: NamedInode | undefined, name: string, inum: number): boolean {
  return entry?.name === name && entry.inum === inum;
}
