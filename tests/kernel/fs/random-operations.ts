import { describe, expect, it } from 'vitest';
import { FileType, MAXFILE } from '../../../kernel/fs/format.js';
import { ImageView } from '../../../kernel/fs/image-view.js';
import { mkfs } from '../../../kernel/fs/mkfs.js';
import { BSIZE } from '../../../kernel/params.js';
import { RandomNumbers } from '../../../src/schedule/random-numbers.js';
import { DiskMachine } from '../../support/disk-machine.js';
import { isLongForm } from '../../support/long-form.js';
import { linksOf, Model, type ModelFile } from './model.js';

const OPERATIONS = 1500;
/** Of a disk that never gets full, which is most to look at. */
const ON_ROOMY = isLongForm ? OPERATIONS : 500;
/** Few names, so that they meet; the last is longer than a name can be. */
const NAMES = ['a', 'b', 'c', 'd', '.', '..', 'the-longest-name-of-all'];

/** Does the same to a disk and to the model; some of them, after each of which the disk must be sound. */
class Comparison {
  private readonly machine: DiskMachine;
  private readonly model = new Model();
  private readonly random: RandomNumbers;
  /** Open files, by their inodes. */
  private readonly open = new Map<number, ModelFile>();
  /** Operations that the disk had no room for. */
  refused = 0;

  constructor(seed: number, blocks: number, inodes: number) {
    this.machine = DiskMachine.mounted(mkfs([], { blocks, inodes }));
    this.random = new RandomNumbers(seed, 0);
  }

  run(operations = OPERATIONS): void {
    for (let count = 0; count < operations; count++) {
      const what = this.step();
      expect(this.machine.damage([...this.open.keys()]), what).toBeUndefined();
    }
    for (const [path, node] of this.model.all()) {
      expect(this.machine.files.stat(path), path).toMatchObject({ type: node.type, nlink: linksOf(node) });
      if (node.type === FileType.File) expect(this.machine.files.read(path), path).toEqual(node.data);
    }
    for (const ip of [...this.open.keys()]) this.close(ip);
    expect(this.machine.damage()).toBeUndefined();
    expect(this.machine.referenced()).toEqual([]);
  }

  /** One operation; says which. */
  private step(): string {
    const { files } = this.machine;
    const path = this.path();
    switch (this.random.below(9)) {
      case 0:
      case 1:
        return this.make(path, FileType.File);
      case 2:
        return this.make(path, FileType.Directory);
      case 3: {
        expect(files.unlink(path) === 0, `unlink ${path}`).toBe(this.model.unlink(path));
        return `unlink ${path}`;
      }
      case 4:
        return this.link(path, this.path());
      case 5:
        return this.openFile(path);
      case 6:
        return this.random.below(3) === 0 ? this.truncate() : this.closeAny();
      default:
        return this.write();
    }
  }

  private make(path: string, type: typeof FileType.File | typeof FileType.Directory): string {
    const what = `make ${path} of type ${type}`;
    const there = this.model.namei(path);
    const made = this.machine.files.make(path, type);
    if (there !== undefined) expect(made, what).toBe(type === FileType.File && there.type === FileType.File);
    else if (made) {
      expect(this.model.canMake(path), what).toBe(true);
      this.model.make(path, type);
    } else if (this.model.canMake(path)) this.refuse(what);
    return what;
  }

  private link(from: string, to: string): string {
    const what = `link ${from} ${to}`;
    const linked = this.machine.files.link(from, to) === 0;
    if (linked) {
      expect(this.model.canLink(from, to), what).toBe(true);
      this.model.link(from, to);
    } else if (this.model.canLink(from, to)) this.refuse(what);
    return what;
  }

  private openFile(path: string): string {
    const node = this.model.namei(path);
    if (node?.type !== FileType.File) return 'nothing';
    const ip = this.machine.files.open(path);
    const inum = this.machine.files.fs.transaction(() => this.machine.files.fs.stat(ip).ino);
    // One reference for each open file is enough here.
    if (this.open.has(inum)) this.machine.files.close(ip);
    this.open.set(inum, node);
    return `open ${path}`;
  }

  private closeAny(): string {
    const inum = this.anyOpen();
    if (inum !== undefined) this.close(inum);
    return `close ${inum}`;
  }

  private close(inum: number): void {
    this.machine.files.close(this.slot(inum));
    this.open.delete(inum);
  }

  private truncate(): string {
    const inum = this.anyOpen();
    if (inum === undefined) return 'nothing';
    const { fs } = this.machine.files;
    fs.transaction(() => fs.itrunc(this.slot(inum)));
    this.open.get(inum)!.data = new Uint8Array(0);
    return `truncate ${inum}`;
  }

  private write(): string {
    const inum = this.anyOpen();
    if (inum === undefined) return 'nothing';
    const { fs } = this.machine.files;
    const file = this.open.get(inum)!;
    const offset = this.random.below(file.data.length + 2);
    const data = new Uint8Array(this.random.below(fs.maxWrite)).fill(this.random.below(256));
    const what = `write ${data.length} bytes to ${inum} at ${offset}`;
    const written = fs.transaction(() => fs.writei(this.slot(inum), offset, data));
    if (offset > file.data.length || offset + data.length > MAXFILE * BSIZE) expect(written, what).toBe(-1);
    else {
      if (written < data.length) this.refuse(what);
      const before = file.data;
      file.data = new Uint8Array(Math.max(before.length, offset + written));
      file.data.set(before);
      file.data.set(data.subarray(0, written), offset);
    }
    const all = fs.transaction(() => fs.readi(this.slot(inum), 0, MAXFILE * BSIZE));
    expect(Buffer.compare(all, file.data), what).toBe(0);
    return what;
  }

  /** The disk did not do it, so it must be (almost: a directory takes two blocks) full. */
  private refuse(what: string): void {
    this.refused++;
    const view = ImageView.recovered(this.machine.image());
    let free = 0;
    for (let block = 0; block < view.superblock.size; block++) if (!view.isInUse(block)) free++;
    const freeInodes = view.inums().filter((inum) => view.inode(inum).type === FileType.Free).length;
    expect(free < 2 || freeInodes === 0, `${what}, with ${free} blocks and ${freeInodes} inodes free`).toBe(true);
  }

  private slot(inum: number): number {
    return this.machine.layout.inodes + 4 * inum;
  }

  private anyOpen(): number | undefined {
    return [...this.open.keys()][this.random.below(this.open.size)];
  }

  private path(): string {
    const length = 1 + this.random.below(3);
    return Array.from({ length }, () => `/${NAMES[this.random.below(NAMES.length)]}`).join('');
  }
}

/** Seeds of the random operations, by the disk that they are done to. */
interface Seeds {
  readonly roomy: readonly number[];
  readonly withoutBlocks: readonly number[];
  readonly withoutInodes: readonly number[];
}

export function describeRandomOperations(seeds: Seeds): void {
  describe('random operations', () => {
    it.each(seeds.roomy)('leave a roomy disk sound and with what they wrote: seed %i', (seed) => {
      const comparison = new Comparison(seed, 600, 200);
      comparison.run(ON_ROOMY);
      expect(comparison.refused).toBe(0);
    });

    it.each(seeds.withoutBlocks)('are refused by a disk without blocks, which stays sound: seed %i', (seed) => {
      const comparison = new Comparison(seed, 75, 100);
      comparison.run();
      expect(comparison.refused).toBeGreaterThan(10);
    });

    it.each(seeds.withoutInodes)('are refused by a disk without inodes, which stays sound: seed %i', (seed) => {
      const comparison = new Comparison(seed, 400, 12);
      comparison.run();
      expect(comparison.refused).toBeGreaterThan(10);
    });
  });
}
