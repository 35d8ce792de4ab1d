import { describe, expect, it } from 'vitest';
import { RowTable } from '../../../kernel/books/row-table.js';
import { KERNBASE } from '../../../src/memory/map.js';

/** As locks lie: one alone, two in a struct, and one in each of many structs. */
const addresses = [
  KERNBASE,
  KERNBASE + 0x40,
  KERNBASE + 0x5c,
  ...Array.from({ length: 4096 }, (_, i) => KERNBASE + 0x2000 + i * 0xc0),
];

describe('a table of rows', () => {
  it('knows every address by its row, and nothing beside them', () => {
    const table = new RowTable(addresses);
    addresses.forEach((address, row) => {
      expect(table.rowOf(address)).toBe(row);
    });
    for (const other of [KERNBASE + 4, KERNBASE + 0x2004, KERNBASE + 2 ** 31 - 64])
      expect(table.rowOf(other)).toBeUndefined();
  });

  it('may be empty', () => {
    expect(new RowTable([]).rowOf(KERNBASE)).toBeUndefined();
  });
});
