import { describe, expect, it } from 'vitest';
import { belongsTo } from '../../src/isa/decode.js';
import { meaningOf, rows } from '../../src/isa/rows.js';

const wide = rows.filter((row) => row.size === 4);
const compressed = rows.filter((row) => row.size === 2);

describe('rows', () => {
  it('holds every instruction of RV64IMAC, Zicsr, Zifencei and the privileged ones once', () => {
    const count = (extension: string) => rows.filter((row) => row.extension === extension).length;
    expect(count('I')).toBe(52);
    expect(count('M')).toBe(13);
    expect(count('A')).toBe(22);
    expect(count('C')).toBe(33);
    expect(count('Zicsr')).toBe(6);
    expect(count('Zifencei')).toBe(1);
    expect(count('System')).toBe(4);
  });

  it('gives no 32-bit encoding to two rows', () => {
    for (const [index, a] of wide.entries()) {
      expect(a.legal, `${a.name}: the test below reasons with masks alone`).toEqual([]);
      for (const b of wide.slice(index + 1)) {
        const differ = (a.match ^ b.match) & a.mask & b.mask;
        expect(differ, `${a.name} and ${b.name} share encodings`).not.toBe(0);
      }
    }
  });

  it('gives no 16-bit encoding to two rows', () => {
    for (let word = 0; word < 0x10000; word++) {
      const owners = compressed.filter((row) => belongsTo(row, word)).map((row) => row.name);
      expect(owners.length, `0x${word.toString(16)}: ${owners.join(', ')}`).toBeLessThan(2);
    }
  });

  it('knows what each instruction does', () => {
    for (const row of rows) expect(meaningOf(row), row.name).toBeTypeOf('function');
  });
});
