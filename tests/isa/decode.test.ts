import { describe, expect, it } from 'vitest';
import { decode, instructionSize } from '../../src/isa/decode.js';

describe('decode', () => {
  it('ignores what follows a compressed instruction', () => {
    expect(decode(0xffff_8082)?.row.name).toBe('c.jr');
    expect(instructionSize(0xffff_8082)).toBe(2);
  });

  it('refuses the encodings of all zeros and all ones', () => {
    expect(decode(0)).toBeUndefined();
    expect(decode(0xffffffff)).toBeUndefined();
  });

  it('refuses reserved compressed encodings', () => {
    const reserved = {
      'c.addiw x0': 0x2001,
      'c.lui 0': 0x6081,
      'c.addi16sp 0': 0x6101,
      'c.lwsp x0': 0x4002,
      'c.jr x0': 0x8002,
    };
    for (const [name, word] of Object.entries(reserved)) expect(decode(word), name).toBeUndefined();
  });

  it('refuses floating point', () => {
    expect(decode(0x00052007), 'flw').toBeUndefined();
    expect(decode(0x2000), 'c.fld').toBeUndefined();
  });

  it('takes hints for the instructions without effect that they encode', () => {
    expect(decode(0x4011)).toMatchObject({ row: { expandsTo: 'addi' }, operands: { rd: 0, rs1: 0, imm: 4n } });
    expect(decode(0x0015)).toMatchObject({ row: { name: 'c.nop' }, operands: { rd: 0, imm: 5n } });
    expect(decode(0x0082)).toMatchObject({ row: { name: 'c.slli' }, operands: { rd: 1, rs1: 1, imm: 0n } });
  });

  it('ignores the reserved fields of fences', () => {
    expect(decode(0x0ff5_858f)?.row.name).toBe('fence');
    expect(decode(0xabc5_958f)?.row.name).toBe('fence.i');
  });

  it('gives signed immediates', () => {
    expect(decode(0xfff50513)?.operands).toEqual({ rd: 10, rs1: 10, rs2: 0, imm: -1n });
    expect(decode(0x80000537)?.operands.imm).toBe(-0x80000000n);
    expect(decode(0x1582)?.operands.imm).toBe(32n);
  });
});
