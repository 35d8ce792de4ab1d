import { describe, expect, it } from 'vitest';
import { completeOperands, extract, immediateRange, insert, layouts, operandBits } from '../../src/isa/formats.js';
import type { Format } from '../../src/isa/row.js';

const formats = Object.keys(layouts) as Format[];

describe('formats', () => {
  it('keep no two operands in the same bits, but for registers that are one field', () => {
    for (const format of formats) {
      const { rd, rs1, rs2, imm } = layouts[format];
      const registers = [rd, rs1, rs2].filter((field) => field !== undefined && field.width > 0);
      const fields = new Set(registers.map((field) => `${field?.lo}:${field?.width}`));
      const widths = [...fields].map((field) => Number(field.split(':')[1]));
      for (const piece of imm?.pieces ?? []) widths.push(piece.width);
      const total = widths.reduce((sum, width) => sum + width, 0);
      const used = (operandBits(layouts[format]) >>> 0).toString(2).replaceAll('0', '').length;
      expect(used, format).toBe(total);
    }
  });

  it('hold each bit of an immediate once', () => {
    for (const format of formats) {
      const { imm } = layouts[format];
      if (imm === undefined) continue;
      const width = imm.pieces.reduce((sum, piece) => sum + piece.width, 0);
      expect(2 ** (imm.bits - width), format).toBe(imm.scale);
    }
  });

  it('extract what was inserted, at both ends of the immediate', () => {
    for (const format of formats) {
      const layout = layouts[format];
      if (layout.imm === undefined) continue;
      const { least, greatest } = immediateRange(layout.imm);
      for (const imm of [least, greatest]) {
        const operands = completeOperands(layout, {
          imm,
          rd: layout.rd?.add ?? 0,
          rs1: layout.rs1?.add ?? 0,
          rs2: layout.rs2?.add ?? 0,
        });
        expect(extract(layout, insert(layout, operands)), format).toEqual(operands);
      }
    }
  });

  it('refuse an immediate that is too large, too small or not a multiple', () => {
    const jump = (imm: bigint) => () => insert(layouts.J, { rd: 0, rs1: 0, rs2: 0, imm });
    expect(jump(1048576n)).toThrow('1048576 is outside -1048576 to 1048574');
    expect(jump(-1048578n)).toThrow('outside');
    expect(jump(3n)).toThrow('3 is not a multiple of 2');
    expect(jump(1048574n)).not.toThrow();
  });

  it('refuse a register that the field cannot name', () => {
    const move = (rd: number, rs1: number) => () => insert(layouts.CA, { rd, rs1, rs2: 8, imm: 0n });
    expect(move(7, 7)).toThrow('this encoding cannot name x7 as rd');
    expect(move(16, 16)).toThrow('x16');
    expect(move(15, 15)).not.toThrow();
  });

  it('refuse two registers where the encoding has one field', () => {
    expect(() => insert(layouts.CR, { rd: 5, rs1: 6, rs2: 7, imm: 0n })).toThrow('rd and rs1 are one field');
  });
});
