import { describe, expect, it } from 'vitest';
import { FileType, MAXFILE, ROOTDEV, ROOTINO } from '../../../kernel/fs/format.js';
import { mkfs } from '../../../kernel/fs/mkfs.js';
import { BootError, KernelPanic } from '../../../kernel/kernel-panic.js';
import { BSIZE } from '../../../kernel/params.js';
import { DiskMachine, pattern } from '../../support/disk-machine.js';
import { isLongForm } from '../../support/long-form.js';

const SMALL = { blocks: 120, inodes: 40 };

function small(): DiskMachine {
  return DiskMachine.mounted(mkfs([], SMALL));
}

/** Fills the disk with one file; its blocks. */
function fill({ files }: DiskMachine, path: string): number {
  return Math.ceil(files.write(path, new Uint8Array(MAXFILE * BSIZE)) / BSIZE);
}

describe('files', () => {
  it('are made empty, written and read back', () => {
    const machine = small();
    const { files } = machine;
    expect(files.make('/a')).toBe(true);
    expect(files.stat('/a')).toEqual({ dev: ROOTDEV, ino: 2, type: FileType.File, nlink: 1, size: 0 });
    const data = pattern(3000);
    expect(files.write('a', data)).toBe(3000);
    expect(files.read('/a')).toEqual(data);
    expect(machine.damage()).toBeUndefined();
    expect(machine.referenced()).toEqual([]);
  });

  it('are read from any place, as far as they go', () => {
    const { files } = small();
    files.write('a', pattern(3000));
    const read = (offset: number, length: number) => files.at('a', (ip) => files.fs.readi(ip, offset, length));
    expect(read(1000, 1100)).toEqual(pattern(3000).subarray(1000, 2100));
    expect(read(2900, 1000)).toEqual(pattern(3000).subarray(2900));
    expect(read(3000, 10)).toEqual(new Uint8Array(0));
    expect(read(5000, 10)).toEqual(new Uint8Array(0));
  });

  it('are written from any place up to their end, not beyond', () => {
    const { files } = small();
    const data = pattern(3000);
    files.write('a', data);
    const write = (offset: number, bytes: Uint8Array) => files.at('a', (ip) => files.fs.writei(ip, offset, bytes));
    expect(write(1020, Uint8Array.of(1, 2, 3, 4, 5, 6))).toBe(6);
    data.set([1, 2, 3, 4, 5, 6], 1020);
    expect(files.read('a')).toEqual(data);
    expect(write(3000, Uint8Array.of(9))).toBe(1);
    expect(files.stat('a')?.size).toBe(3001);
    expect(write(3002, Uint8Array.of(9))).toBe(-1);
    expect(write(0, new Uint8Array(MAXFILE * BSIZE + 1))).toBe(-1);
    expect(files.stat('a')?.size).toBe(3001);
  });

  it.runIf(isLongForm)('grow through the indirect block to MAXFILE and give every block back', () => {
    const machine = DiskMachine.mounted(mkfs([]));
    const { files } = machine;
    const empty = machine.image();
    const data = pattern(MAXFILE * BSIZE);
    expect(files.write('big', data)).toBe(data.length);
    expect(files.read('big')).toEqual(data);
    expect(files.at('big', (ip) => files.fs.writei(ip, data.length, Uint8Array.of(1)))).toBe(-1);
    expect(machine.damage()).toBeUndefined();
    files.at('big', (ip) => files.fs.itrunc(ip));
    expect(files.stat('big')?.size).toBe(0);
    expect(machine.damage()).toBeUndefined();
    expect(files.write('big', data)).toBe(data.length);
    expect(files.unlink('big')).toBe(0);
    expect(machine.damage()).toBeUndefined();
    const bitmap = 46 * BSIZE - BSIZE;
    expect(machine.image().subarray(bitmap, bitmap + BSIZE)).toEqual(empty.subarray(bitmap, bitmap + BSIZE));
  });

  it('stay while somebody has them open, and go with the last reference', () => {
    const machine = small();
    const { files } = machine;
    files.write('a', pattern(2000));
    const ip = files.open('a');
    const other = files.open('a');
    expect(other).toBe(ip);
    expect(files.unlink('a')).toBe(0);
    expect(files.read('a')).toBeUndefined();
    expect(machine.damage()).toBe('inodes 2 ought to have been freed');
    expect(machine.damage([2])).toBeUndefined();
    files.close(other);
    expect(files.fs.transaction(() => files.fs.readi(ip, 0, 2000))).toEqual(pattern(2000));
    expect(machine.referenced()).toEqual([2]);
    files.close(ip);
    expect(machine.damage()).toBeUndefined();
    expect(machine.referenced()).toEqual([]);
    expect(files.make('b')).toBe(true);
    expect(files.stat('b')?.ino).toBe(2);
  });

  it('have as many names as links are made, none of a directory', () => {
    const machine = small();
    const { files } = machine;
    files.write('a', pattern(100));
    files.mkdir('d');
    expect(files.link('a', 'd/b')).toBe(0);
    expect(files.stat('a')).toMatchObject({ ino: 2, nlink: 2 });
    expect(files.link('a', 'd/b')).toBe(-1);
    expect(files.link('nothing', 'c')).toBe(-1);
    expect(files.link('a', 'nowhere/c')).toBe(-1);
    expect(files.link('d', 'c')).toBe(-1);
    expect(files.link('.', 'c')).toBe(-1);
    expect(files.unlink('a')).toBe(0);
    expect(files.read('d/b')).toEqual(pattern(100));
    expect(files.stat('d/b')?.nlink).toBe(1);
    expect(machine.damage()).toBeUndefined();
    expect(machine.referenced()).toEqual([]);
  });

  it('that are devices have their numbers', () => {
    const { fs } = small().files;
    fs.transaction(() => {
      const root = fs.root();
      const ip = fs.create('console', root, FileType.Device, 1, 7);
      expect(fs.typeOf(ip)).toBe(FileType.Device);
      expect(fs.majorOf(ip)).toBe(1);
      expect(fs.create('console', root, FileType.File, 0, 0)).toBe(ip);
      expect(fs.create('console', root, FileType.Device, 1, 7)).toBe(0);
      const wild = fs.create('wild', root, FileType.Device, 0xffff, 0);
      expect(fs.majorOf(wild)).toBe(-1);
    });
  });
});

describe('directories', () => {
  it('have themselves and their parents, and count both', () => {
    const machine = small();
    const { files } = machine;
    expect(files.stat('/')).toMatchObject({ ino: ROOTINO, type: FileType.Directory, nlink: 1 });
    expect(files.mkdir('d')).toBe(true);
    expect(files.mkdir('d')).toBe(false);
    expect(files.mkdir('d/e')).toBe(true);
    expect(files.stat('d')).toEqual({ dev: ROOTDEV, ino: 2, type: FileType.Directory, nlink: 2, size: 48 });
    expect(files.stat('/')?.nlink).toBe(2);
    expect(files.stat('d/e/../../.')?.ino).toBe(ROOTINO);
    expect(files.stat('/../d/./e/..')?.ino).toBe(2);
    expect(machine.damage()).toBeUndefined();
  });

  it('are removed when they are empty', () => {
    const machine = small();
    const { files } = machine;
    files.mkdir('d');
    files.make('d/f');
    expect(files.unlink('d')).toBe(-1);
    expect(files.unlink('d/f')).toBe(0);
    for (const path of ['d/.', 'd/..', '.', '/', '', 'd/f', 'nothing/f']) expect(files.unlink(path), path).toBe(-1);
    expect(files.unlink('d')).toBe(0);
    expect(files.stat('/')?.nlink).toBe(1);
    expect(machine.damage()).toBeUndefined();
    expect(machine.referenced()).toEqual([]);
  });

  it('use the places of removed names again, and grow when there are none', () => {
    const machine = DiskMachine.mounted(mkfs([], { blocks: 120, inodes: 100 }));
    const { files } = machine;
    files.mkdir('d');
    for (let i = 0; i < 70; i++) expect(files.make(`d/f${i}`)).toBe(true);
    expect(files.stat('d')?.size).toBe(72 * 16);
    files.unlink('d/f3');
    files.make('d/again');
    expect(files.stat('d')?.size).toBe(72 * 16);
    expect(files.stat('d/f69')?.type).toBe(FileType.File);
    expect(machine.damage()).toBeUndefined();
  });

  it('that are removed while somebody is in them lead out, and take no more names', () => {
    const machine = small();
    const { files } = machine;
    files.mkdir('d');
    files.write('f', pattern(10));
    const cwd = files.open('d');
    expect(files.unlink('../d', cwd)).toBe(0);
    expect(files.make('x', FileType.File, cwd)).toBe(false);
    expect(files.mkdir('x', cwd)).toBe(false);
    expect(files.link('/f', 'x', cwd)).toBe(-1);
    expect(files.at('..', (ip) => files.fs.stat(ip).ino, cwd)).toBe(ROOTINO);
    files.close(cwd);
    expect(machine.damage()).toBeUndefined();
    expect(machine.referenced()).toEqual([]);
  });

  it('that are removed after their parents lead nowhere', () => {
    const machine = small();
    const { files } = machine;
    files.mkdir('d');
    files.mkdir('d/e');
    const cwd = files.open('d/e');
    expect(files.unlink('d/e')).toBe(0);
    expect(files.unlink('d')).toBe(0);
    expect(files.at('..', (ip) => ip, cwd)).toBeUndefined();
    expect(files.unlink('../x', cwd)).toBe(-1);
    expect(files.make('..', FileType.File, cwd)).toBe(false);
    files.close(cwd);
    expect(machine.damage()).toBeUndefined();
    expect(machine.referenced()).toEqual([]);
  });
});

describe('paths', () => {
  it('lead from the root or from the current directory, with any number of slashes', () => {
    const { files } = small();
    files.mkdir('d');
    files.write('d/f', pattern(5));
    const cwd = files.open('d');
    const size = (path: string) => files.at(path, (ip) => files.fs.stat(ip).size, cwd);
    for (const path of ['f', './f', '/d/f', '//d///f', '../d/f', 'f/']) expect(size(path), path).toBe(5);
    for (const path of ['d/f', '/f', 'f/x', '/d/f/../f', 'g']) expect(size(path), path).toBeUndefined();
    expect(files.at('', (ip) => ip, cwd)).toBe(cwd);
  });

  it('tell names apart by their first 14 letters', () => {
    const { files } = small();
    expect(files.make('abcdefghijklmnop')).toBe(true);
    expect(files.stat('abcdefghijklmn')?.ino).toBe(2);
    expect(files.stat('abcdefghijklmnXYZ')?.ino).toBe(2);
    expect(files.stat('abcdefghijklm')).toBeUndefined();
  });

  it('have letters of one byte', () => {
    const { files } = small();
    files.make('\xff\x80');
    expect(files.stat('\xff\x80')?.ino).toBe(2);
    expect(files.stat('\xff\x81')).toBeUndefined();
  });
});

describe('a full disk', () => {
  it('takes as much of a file as there is room for', () => {
    const machine = small();
    const { files } = machine;
    // 120 blocks without boot, superblock, log, 3 of inodes, 1 of bitmap, the root and the indirect block.
    expect(fill(machine, 'big')).toBe(120 - 2 - 30 - 3 - 1 - 1 - 1);
    expect(machine.damage()).toBeUndefined();
    expect(files.at('big', (ip) => files.fs.writei(ip, files.fs.stat(ip).size, Uint8Array.of(1)))).toBe(0);
    expect(files.mkdir('d')).toBe(false);
    expect(files.stat('/')?.nlink).toBe(1);
    expect(machine.damage()).toBeUndefined();
    expect(files.unlink('big')).toBe(0);
    expect(files.mkdir('d')).toBe(true);
    expect(machine.damage()).toBeUndefined();
  });

  it('takes no new name where the directory would have to grow', () => {
    const machine = DiskMachine.mounted(mkfs([], { blocks: 120, inodes: 100 }));
    const { files } = machine;
    for (let i = 0; i < 61; i++) files.make(`f${i}`);
    fill(machine, 'big');
    expect(files.make('one-too-many')).toBe(false);
    expect(files.link('f0', 'one-too-many')).toBe(-1);
    expect(files.stat('f0')?.nlink).toBe(1);
    expect(files.make('f7')).toBe(true);
    expect(machine.damage()).toBeUndefined();
  });

  it('has no more files than inodes', () => {
    const machine = small();
    const { files } = machine;
    for (let inum = 2; inum < 40; inum++) expect(files.make(`f${inum}`)).toBe(true);
    expect(files.make('one-too-many')).toBe(false);
    expect(files.mkdir('one-too-many')).toBe(false);
    expect(machine.damage()).toBeUndefined();
    files.unlink('f9');
    expect(files.make('again')).toBe(true);
    expect(files.stat('again')?.ino).toBe(9);
  });
});

describe('a link count', () => {
  it('goes up to the largest C short', () => {
    const machine = small();
    const { files } = machine;
    files.make('a');
    const image = machine.image();
    // Inode 2's nlink. The image lies about it, so it is changed on the disk, past the check.
    const nlink = machine.layout.disk + 32 * BSIZE + 2 * 64 + 6;
    machine.memory.ram.store8(nlink, 0xff);
    machine.memory.ram.store8(nlink + 1, 0x7f);
    expect(files.link('a', 'b')).toBe(-1);
    expect(files.stat('b')).toBeUndefined();
    machine.memory.ram.write(machine.layout.disk, image);
    expect(files.link('a', 'b')).toBe(0);
  });
});

describe('mounting', () => {
  it('refuses what is no file system of the disk’s size', () => {
    const mount = (image: Uint8Array | undefined) => () => new DiskMachine({ blocks: 120 }).files.fs.mount(image);
    expect(mount(undefined)).toThrow(new BootError('there is nothing on the disk of 120 blocks'));
    expect(mount(mkfs([], { blocks: 121, inodes: 40 }))).toThrow(
      new BootError('a disk of 120 blocks cannot hold an image of 123904 bytes'),
    );
    expect(mount(new Uint8Array(120 * BSIZE))).toThrow(
      new BootError('the disk cannot be mounted: it is no xv6 file system: its magic number is 0x0, not 0x10203040'),
    );
  });

  it('frees the inodes that were open when the image was taken', () => {
    const before = small();
    before.files.write('a', pattern(20_000));
    before.files.open('a');
    before.files.unlink('a');
    expect(before.damage()).toBe('inodes 2 ought to have been freed');
    const after = DiskMachine.mounted(before.image());
    expect(after.damage()).toBeUndefined();
    expect(after.referenced()).toEqual([]);
  });

  it('of no disk leaves a file system in which no path leads anywhere', () => {
    const { fs } = new DiskMachine({ blocks: 0 }).files;
    expect(fs.hasDisk).toBe(false);
    fs.transaction(() => {
      expect(fs.namei('/', 0)).toBe(0);
      expect(fs.create('/a', 0, FileType.File, 0, 0)).toBe(0);
      expect(fs.link('/a', '/b', 0)).toBe(-1);
      expect(fs.unlink('/a', 0)).toBe(-1);
    });
  });
});

describe('what needs a transaction', () => {
  it('panics without one', () => {
    const { files } = small();
    files.make('a');
    const ip = files.open('a');
    const outside = new KernelPanic('file system outside of a transaction');
    expect(() => files.fs.idup(ip)).toThrow(outside);
    expect(() => files.fs.iput(ip)).toThrow(outside);
    expect(() => files.fs.writei(ip, 0, Uint8Array.of(1))).toThrow(outside);
  });

  it('panics in two at once, and with more than the log holds', () => {
    const machine = DiskMachine.mounted(mkfs([]));
    const { fs } = machine.files;
    expect(() => fs.transaction(() => fs.transaction(() => 0))).toThrow(new KernelPanic('acquire'));
    const again = DiskMachine.mounted(mkfs([])).files;
    again.make('a');
    expect(() => again.at('a', (ip) => again.fs.writei(ip, 0, new Uint8Array(40 * BSIZE)))).toThrow(
      new KernelPanic('too big a transaction'),
    );
  });

  it('may write maxWrite bytes wherever they begin', () => {
    const { files } = DiskMachine.mounted(mkfs([]));
    const start = 11 * BSIZE + 7;
    files.write('a', pattern(start));
    const data = pattern(files.fs.maxWrite, 3);
    expect(files.at('a', (ip) => files.fs.writei(ip, start, data))).toBe(data.length);
    expect(data.length).toBe(25 * BSIZE);
    expect(files.read('a')?.subarray(start)).toEqual(data);
  });
});
