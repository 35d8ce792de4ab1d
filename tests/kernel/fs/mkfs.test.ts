import { describe, expect, it } from 'vitest';
import { checkImage, unlinkedInodes } from '../../../kernel/fs/check-image.js';
import { MAXFILE, readSuperblock } from '../../../kernel/fs/format.js';
import { mkfs } from '../../../kernel/fs/mkfs.js';
import { BSIZE } from '../../../kernel/params.js';
import { DiskMachine, pattern } from '../../support/disk-machine.js';

describe('mkfs', () => {
  it('makes xv6’s layout', () => {
    const image = mkfs([]);
    expect(image.length).toBe(2000 * BSIZE);
    expect(readSuperblock(image.subarray(BSIZE))).toEqual({
      magic: 0x1020_3040,
      size: 2000,
      nblocks: 1954,
      ninodes: 200,
      nlog: 30,
      logstart: 2,
      inodestart: 32,
      bmapstart: 45,
    });
    expect(checkImage(image)).toBeUndefined();
    expect(unlinkedInodes(image)).toEqual([]);
  });

  it('puts the files into the root, of any size that a file can have', () => {
    const files = [0, 1, BSIZE, 12 * BSIZE, 12 * BSIZE + 1, MAXFILE * BSIZE].map((size) => ({
      name: `f${size}`,
      data: pattern(size, size),
    }));
    const image = mkfs(files);
    expect(checkImage(image)).toBeUndefined();
    const machine = DiskMachine.mounted(image);
    for (const { name, data } of files) expect(Buffer.compare(machine.files.read(name)!, data), name).toBe(0);
  });

  it('makes a root of more than one block, and rounds it up as xv6’s does', () => {
    const files = Array.from({ length: 62 }, (_, i) => ({ name: `f${i}`, data: new Uint8Array(0) }));
    const machine = DiskMachine.mounted(mkfs(files));
    // 64 entries fill a block; the rest is a hole.
    expect(machine.files.stat('/')?.size).toBe(2 * BSIZE);
    expect(machine.damage()).toBeUndefined();
    expect(machine.files.make('more')).toBe(true);
    expect(machine.files.stat('more')?.ino).toBe(64);
    expect(machine.damage()).toBeUndefined();
  });

  it('makes disks with a bitmap of several blocks', () => {
    const machine = DiskMachine.mounted(mkfs([], { blocks: 2048 }));
    expect(machine.damage()).toBeUndefined();
    const image = mkfs([{ name: 'a', data: pattern(5000) }], { blocks: 20_000 });
    expect(readSuperblock(image.subarray(BSIZE)).nblocks).toBe(20_000 - 2 - 30 - 13 - 3);
    expect(checkImage(image)).toBeUndefined();
  });

  it.each([
    ['', "'' is no name for a file: one has 1 to 14 letters, no '/'"],
    ['a/b', "'a/b' is no name for a file: one has 1 to 14 letters, no '/'"],
    ['fifteen-letters', "'fifteen-letters' is no name for a file: one has 1 to 14 letters, no '/'"],
    ['Ω', "'Ω' is no name for a file: one has 1 to 14 letters, no '/'"],
    ['..', "there are two files named '..'"],
  ])('refuses the name “%s”', (name, message) => {
    expect(() => mkfs([{ name, data: new Uint8Array(0) }])).toThrow(new RangeError(message));
  });

  it('refuses what does not fit', () => {
    const file = (name: string, size = 0) => ({ name, data: new Uint8Array(size) });
    expect(() => mkfs([file('a'), file('a')])).toThrow(new RangeError("there are two files named 'a'"));
    expect(() => mkfs([file('a', MAXFILE * BSIZE + 1)])).toThrow(
      new RangeError("'a' has more than 274432 bytes, the most that a file can have"),
    );
    expect(() => mkfs([file('a', 60 * BSIZE)], { blocks: 100 })).toThrow(
      new RangeError('100 blocks are too few for the files'),
    );
    expect(() => mkfs([file('a'), file('b')], { inodes: 3 })).toThrow(
      new RangeError('3 inodes are too few for the files'),
    );
    expect(() => mkfs([], { blocks: 46 })).toThrow(new RangeError('46 blocks are too few for 200 inodes'));
  });
});
