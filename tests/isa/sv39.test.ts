import { describe, expect, it } from 'vitest';
import {
  isLeaf,
  levelSize,
  MAXVA,
  makePte,
  makeSatp,
  PAGE_SIZE,
  Pte,
  pageRoundDown,
  pageRoundUp,
  pteFlags,
  ptePa,
  px,
} from '../../src/isa/sv39.js';

describe('Sv39', () => {
  it('keeps address and flags of a page apart in an entry', () => {
    const flags = Pte.V | Pte.R | Pte.W | Pte.U | Pte.RSW0;
    for (const pa of [0, 0x8000_0000, 0xffff_f000, 2 ** 33 - PAGE_SIZE]) {
      const pte = makePte(pa, flags);
      expect(ptePa(pte)).toBe(pa);
      expect(pteFlags(pte)).toBe(flags);
      expect(pte).toBeLessThan(2 ** 31);
    }
    expect(makePte(0x8000_0000, Pte.V)).toBe(0x2000_0001);
  });

  it('refuses an address that no entry here can hold', () => {
    expect(() => makePte(0x8000_0010, Pte.V)).toThrow('0x80000010');
    expect(() => makePte(2 ** 33, Pte.V)).toThrow(RangeError);
  });

  it('tells leaves from pointers', () => {
    expect(isLeaf(Pte.V)).toBe(false);
    expect(isLeaf(Pte.V | Pte.X)).toBe(true);
  });

  it('cuts an address into indices of nine bits', () => {
    const va = 5 * 2 ** 30 + 7 * 2 ** 21 + 9 * 2 ** 12 + 0xabc;
    expect([px(2, va), px(1, va), px(0, va)]).toEqual([5, 7, 9]);
    expect([px(2, MAXVA - 1), px(1, MAXVA - 1), px(0, MAXVA - 1)]).toEqual([255, 511, 511]);
    expect([levelSize(0), levelSize(1), levelSize(2)]).toEqual([4096, 2 ** 21, 2 ** 30]);
  });

  it('rounds to pages above 4 GiB too', () => {
    expect(pageRoundUp(2 ** 37 + 1)).toBe(2 ** 37 + PAGE_SIZE);
    expect(pageRoundUp(2 ** 37)).toBe(2 ** 37);
    expect(pageRoundDown(2 ** 37 + 4095)).toBe(2 ** 37);
  });

  it('makes satp of mode 8, address space and root', () => {
    expect(makeSatp(0x8000_1000)).toBe(0x8000_0000_0008_0001n);
    expect(makeSatp(0x8000_1000, 5n)).toBe(0x8000_5000_0008_0001n);
  });
});
