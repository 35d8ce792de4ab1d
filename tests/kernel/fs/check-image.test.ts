import { describe, expect, it } from 'vitest';
import { checkImage, unlinkedInodes } from '../../../kernel/fs/check-image.js';
import { dirent, FileType, put16, put32 } from '../../../kernel/fs/format.js';
import { mkfs } from '../../../kernel/fs/mkfs.js';
import { BSIZE } from '../../../kernel/params.js';
import { DiskMachine, pattern } from '../../support/disk-machine.js';
import { isLongForm } from '../../support/long-form.js';

/** Inode 2: f, 20 blocks. 3: g, a block. 4: directory d, in which are 5: directory e, and h, which is g. */
function sound(): Uint8Array {
  const f = { name: 'f', data: pattern(20 * BSIZE) };
  const { files, image } = machineOf(mkfs([f, { name: 'g', data: pattern(BSIZE) }], { blocks: 100, inodes: 40 }));
  files.mkdir('d');
  files.mkdir('d/e');
  files.link('g', 'd/h');
  return image();
}
function machineOf(image: Uint8Array) {
  const machine = DiskMachine.mounted(image);
  return { files: machine.files, image: () => machine.image() };
}

// Where things lie on that disk.
const SUPERBLOCK = BSIZE;
const LOG = 2 * BSIZE;
const BITMAP = 35 * BSIZE;
const inode = (inum: number) => 32 * BSIZE + inum * 64;
const TYPE = 0;
const NLINK = 6;
const SIZE = 8;
const addr = (n: number) => 12 + 4 * n;
const word = (image: Uint8Array, at: number) => new DataView(image.slice(at, at + 4).buffer).getUint32(0, true);
const contents = (image: Uint8Array, inum: number) => word(image, inode(inum) + addr(0)) * BSIZE;
/** The nth entry of a directory. */
const entry = (image: Uint8Array, inum: number, n: number) => contents(image, inum) + 16 * n;
const [ROOT, F, G, D, E] = [1, 2, 3, 4, 5];

const KINDS: readonly (readonly [string, (image: Uint8Array) => void, string])[] = [
  // Superblock and log.
  [
    'a magic number',
    (i) => put32(i, SUPERBLOCK, 7),
    'it is no xv6 file system: its magic number is 0x7, not 0x10203040',
  ],
  [
    'a size',
    (i) => put32(i, SUPERBLOCK + 4, 2000),
    'its superblock says 2000 blocks of 1024 bytes, but it has 102400 bytes',
  ],
  ['a number of inodes', (i) => put32(i, SUPERBLOCK + 12, 1), 'its superblock says 1 inodes'],
  [
    'more inodes than there is room for',
    (i) => put32(i, SUPERBLOCK + 12, 1000),
    'its superblock puts the bitmap at block 35, 1 long, which is not between 95 and 100',
  ],
  [
    'the place of the log',
    (i) => put32(i, SUPERBLOCK + 20, 0),
    'its superblock puts the log at block 0, 30 long, which is not between 2 and 100',
  ],
  [
    'the place of the inodes',
    (i) => put32(i, SUPERBLOCK + 24, 99),
    'its superblock puts the inodes at block 99, 3 long, which is not between 32 and 100',
  ],
  [
    'the place of the bitmap',
    (i) => put32(i, SUPERBLOCK + 28, 33),
    'its superblock puts the bitmap at block 33, 1 long, which is not between 35 and 100',
  ],
  [
    'the amount of data',
    (i) => put32(i, SUPERBLOCK + 8, 65),
    'its superblock puts the data at block 35, 65 long, which is not between 36 and 100',
  ],
  ['a small log', (i) => put32(i, SUPERBLOCK + 16, 11), 'its log has 11 blocks, and needs 12'],
  ['a full log', (i) => put32(i, LOG, 30), 'its log of 30 blocks says that it holds 30'],
  [
    'a logged block',
    (i) => {
      put32(i, LOG, 1);
      put32(i, LOG + 4, 1);
    },
    'its log holds block 1, which is none that is ever logged',
  ],
  // Inodes and blocks.
  ['a type', (i) => put16(i, inode(F) + TYPE, 4), 'inode 2 has type 4, which there is not'],
  ['a negative link count', (i) => put16(i, inode(F) + NLINK, 0xffff), 'inode 2 has -1 links'],
  [
    'the size of a file',
    (i) => put32(i, inode(F) + SIZE, 268 * BSIZE + 1),
    'inode 2 has 274433 bytes, more than a file can have',
  ],
  [
    'the size of a directory',
    (i) => put32(i, inode(D) + SIZE, 65),
    'inode 4 is a directory of 65 bytes, which is no whole number of entries',
  ],
  [
    'a block beyond the disk',
    (i) => put32(i, inode(F) + addr(3), 100),
    'inode 2 has block 100, which is no data block',
  ],
  ['a block before the data', (i) => put32(i, inode(F) + addr(12), 35), 'inode 2 has block 35, which is no data block'],
  [
    'a block that the indirect block names',
    (i) => put32(i, word(i, inode(F) + addr(12)) * BSIZE + 4, 0xffff_ffff),
    'inode 2 has block 4294967295, which is no data block',
  ],
  [
    'a block used twice in a file',
    (i) => put32(i, inode(F) + addr(3), word(i, inode(F) + addr(2))),
    'inode 2 has block 39 twice',
  ],
  [
    'a block used by two files',
    (i) => put32(i, inode(G) + addr(0), word(i, inode(F) + addr(2))),
    'block 39 belongs to inodes 2 and 3',
  ],
  [
    'a block in use that is free in the bitmap',
    (i) => i.fill(0, BITMAP + 5, BITMAP + 6),
    'block 40 belongs to inode 2, but the bitmap has it free',
  ],
  [
    'a block before the data that is free in the bitmap',
    (i) => i.fill(0, BITMAP, BITMAP + 1),
    'block 0 lies before the data, but the bitmap has it free',
  ],
  [
    'a lost block',
    (i) => i.fill(0x80, BITMAP + 11, BITMAP + 12),
    'block 95 is lost: the bitmap has it in use, but it belongs to no inode',
  ],
  // Names and links.
  ['the root', (i) => put16(i, inode(ROOT) + TYPE, FileType.File), 'inode 1, the root, is no directory'],
  ['.', (i) => put16(i, entry(i, D, 0), E), "directory 4 has no '.' that is itself"],
  ['..', (i) => put16(i, entry(i, E, 1), ROOT), "directory 5 has no '..' that is directory 4, which it is in"],
  ['no entries', (i) => put32(i, inode(E) + SIZE, 0), "directory 5 has no '.' that is itself"],
  ['an empty name', (i) => i.set(dirent(G, ''), entry(i, D, 3)), "directory 4 has an entry '', which is no name"],
  [
    'a slash in a name',
    (i) => i.set(dirent(G, 'a/b'), entry(i, D, 3)),
    "directory 4 has an entry 'a/b', which is no name",
  ],
  ['a name twice', (i) => i.set(dirent(G, 'e'), entry(i, D, 3)), "directory 4 has an entry 'e' twice"],
  [
    'an entry for no inode',
    (i) => put16(i, entry(i, D, 3), 40),
    "directory 4 has an entry 'h' for inode 40, which there is not",
  ],
  [
    'an entry for a free inode',
    (i) => put16(i, entry(i, D, 3), 9),
    "directory 4 has an entry 'h' for inode 9, which is free",
  ],
  [
    'a directory in two directories',
    (i) => put16(i, entry(i, D, 3), E),
    "directory 4 has an entry 'h' for directory 5, which is in another already",
  ],
  [
    'a circle of directories',
    (i) => put16(i, entry(i, D, 3), ROOT),
    "directory 4 has an entry 'h' for directory 1, which is in another already",
  ],
  ['too many links', (i) => put16(i, inode(G) + NLINK, 3), 'inode 3 counts 3 links, but has 2'],
  ['too few links', (i) => put16(i, inode(G) + NLINK, 0), 'inode 3 counts 0 links, but has 2'],
  ['the links of a directory', (i) => put16(i, inode(D) + NLINK, 1), 'inode 4 counts 1 links, but has 2'],
  [
    'a lost file',
    (i) => put16(i, entry(i, ROOT, 2), 0),
    'inode 2 is lost: it counts 1 links, but no directory names it',
  ],
];

describe('check-image', () => {
  it('has nothing against a sound image', () => {
    const image = sound();
    const copy = image.slice();
    expect(checkImage(image)).toBeUndefined();
    expect(image).toEqual(copy);
    expect(unlinkedInodes(image)).toEqual([]);
  });

  it.each(KINDS)('finds damage: %s', (_kind, damage, message) => {
    const image = sound();
    damage(image);
    expect(checkImage(image)).toBe(message);
  });

  it.each([0, 1, 2 * BSIZE])('finds that %i bytes are too few', (length) => {
    expect(checkImage(sound().slice(0, length))).toBe(`it has ${length} bytes, too few for a file system`);
  });

  it.each([50 * BSIZE, 99 * BSIZE + 1])('finds that an image was cut off at %i bytes', (length) => {
    expect(checkImage(sound().slice(0, length))).toBe(
      `its superblock says 100 blocks of 1024 bytes, but it has ${length} bytes`,
    );
  });

  it('looks at what the disk will be when its log is installed', () => {
    const image = sound();
    const broken = image.slice(BITMAP, BITMAP + BSIZE).fill(0, 5, 6);
    image.set(broken, LOG + BSIZE);
    put32(image, LOG + 4, 35);
    expect(checkImage(image)).toBeUndefined();
    put32(image, LOG, 1);
    expect(checkImage(image)).toBe('block 40 belongs to inode 2, but the bitmap has it free');
  });

  it('calls an open file without links no damage, and names it', () => {
    const { files, image } = machineOf(sound());
    files.open('f');
    files.unlink('f');
    expect(checkImage(image())).toBeUndefined();
    expect(unlinkedInodes(image())).toEqual([F]);
  });

  it('never throws, whatever is on the disk', () => {
    const image = sound();
    for (let at = 0; at < image.length; at += isLongForm ? 7 : 61) {
      const damaged = image.slice(0);
      damaged[at] = damaged[at]! ^ 0xff;
      expect(() => checkImage(damaged)).not.toThrow();
      if (at === 4 * BSIZE) at = 32 * BSIZE;
      if (at > 40 * BSIZE) at += 100;
    }
  });
});
