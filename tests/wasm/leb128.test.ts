import { describe, expect, it } from 'vitest';
import { name, signed, unsigned, vector } from '../../src/wasm/leb128.js';

describe('LEB128', () => {
  it.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]],
    [0xffff_ffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('of the unsigned %i is %j', (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes);
  });

  it.each([-1, 0.5, 2 ** 32])('refuses %d as a u32', (value) => {
    expect(() => unsigned(value)).toThrow(RangeError);
  });

  it.each([
    [0n, [0]],
    [63n, [0x3f]],
    [64n, [0xc0, 0x00]],
    [-1n, [0x7f]],
    [-64n, [0x40]],
    [-65n, [0xbf, 0x7f]],
    [-123456n, [0xc0, 0xbb, 0x78]],
    [1n << 63n, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]],
  ])('of the signed %i is %j', (value, bytes) => {
    expect(signed(value)).toEqual(bytes);
  });

  it('vectors count elements, names count bytes', () => {
    expect(vector([[1, 2], [3]])).toEqual([2, 1, 2, 3]);
    expect(name('aé')).toEqual([3, 0x61, 0xc3, 0xa9]);
  });
});
