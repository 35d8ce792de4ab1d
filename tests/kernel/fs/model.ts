import { DIRSIZ, FileType } from '../../../kernel/fs/format.js';

/** A file system as plain objects, to be compared with. It has no limits: what the disk has no room for is not done to it. */
export interface ModelFile {
  readonly type: typeof FileType.File;
  data: Uint8Array;
  nlink: number;
}
export interface ModelDirectory {
  readonly type: typeof FileType.Directory;
  readonly parent: ModelDirectory | undefined;
  readonly entries: Map<string, ModelNode>;
}
export type ModelNode = ModelFile | ModelDirectory;

export class Model {
  readonly root: ModelDirectory = { type: FileType.Directory, parent: undefined, entries: new Map() };

  namei(path: string): ModelNode | undefined {
    let node: ModelNode = this.root;
    for (const name of names(path)) {
      if (node.type !== FileType.Directory) return undefined;
      const next: ModelNode | undefined =
        name === '.' ? node : name === '..' ? (node.parent ?? node) : node.entries.get(name);
      if (next === undefined) return undefined;
      node = next;
    }
    return node;
  }

  /** Whether a new file or directory may have this path. */
  canMake(path: string): boolean {
    return this.placeOf(path) !== undefined && this.namei(path) === undefined;
  }

  make(path: string, type: ModelNode['type']): void {
    const { directory, name } = this.placeOf(path)!;
    const node: ModelNode =
      type === FileType.File
        ? { type, data: new Uint8Array(0), nlink: 1 }
        : { type, parent: directory, entries: new Map() };
    directory.entries.set(name, node);
  }

  canLink(from: string, to: string): boolean {
    return this.namei(from)?.type === FileType.File && this.canMake(to);
  }

  link(from: string, to: string): void {
    const { directory, name } = this.placeOf(to)!;
    const file = this.namei(from) as ModelFile;
    file.nlink++;
    directory.entries.set(name, file);
  }

  /** false: that cannot be done. */
  unlink(path: string): boolean {
    const place = this.placeOf(path);
    const node = place?.directory.entries.get(place.name);
    if (place === undefined || node === undefined) return false;
    if (node.type === FileType.File) node.nlink--;
    else if (node.entries.size > 0) return false;
    place.directory.entries.delete(place.name);
    return true;
  }

  /** Every path of a file or directory below the root, with what it is. */
  *all(directory = this.root, prefix = ''): Generator<readonly [string, ModelNode]> {
    for (const [name, node] of directory.entries) {
      yield [`${prefix}/${name}`, node];
      if (node.type === FileType.Directory) yield* this.all(node, `${prefix}/${name}`);
    }
  }

  private placeOf(path: string): { readonly directory: ModelDirectory; readonly name: string } | undefined {
    const all = names(path);
    const name = all.pop();
    if (name === undefined) return undefined;
    const directory = this.namei(all.map((one) => `/${one}`).join(''));
    return directory?.type === FileType.Directory ? { directory, name } : undefined;
  }
}

/** What a directory's or file's nlink ought to be. */
export function linksOf(node: ModelNode): number {
  if (node.type === FileType.File) return node.nlink;
  return 1 + [...node.entries.values()].filter((entry) => entry.type === FileType.Directory).length;
}

function names(path: string): string[] {
  return path
    .split('/')
    .filter((name) => name !== '')
    .map((name) => name.slice(0, DIRSIZ));
}
