import { describe, expect, it } from 'vitest';
import { disassemble } from '../../src/isa/disassemble.js';

describe('disassemble', () => {
  it('writes illegal encodings as data of their size', () => {
    expect(disassemble(0xffffffff, 0n)).toBe('.4byte 0xffffffff');
    expect(disassemble(0x12340000, 0n)).toBe('.2byte 0x0000');
    expect(disassemble(0x8002, 0n)).toBe('.2byte 0x8002');
  });

  it('writes an encoding with reserved bits set as data, since its text would not give it back', () => {
    expect(disassemble(0x0ff0000f, 0n)).toBe('fence iorw,iorw');
    expect(disassemble(0x0ff0008f, 0n)).toBe('.4byte 0x0ff0008f');
    expect(disassemble(0xfff0100f, 0n)).toBe('.4byte 0xfff0100f');
  });

  it('wraps targets around the address space', () => {
    expect(disassemble(0xfe000ee3, 0n)).toBe('beq zero,zero,0xfffffffffffffffc');
  });

  it('shows what a compressed instruction does when aliases are asked for', () => {
    expect(disassemble(0x852e, 0n)).toBe('c.mv a0,a1');
    expect(disassemble(0x852e, 0n, { aliases: true })).toBe('mv a0,a1');
    expect(disassemble(0x8082, 0n, { aliases: true })).toBe('ret');
    expect(disassemble(0x0001, 0n, { aliases: true })).toBe('nop');
  });

  it('names CSRs that the machine has and numbers the others', () => {
    expect(disassemble(0x30002573, 0n)).toBe('csrrs a0,mstatus,zero');
    expect(disassemble(0x12302573, 0n)).toBe('csrrs a0,0x123,zero');
  });
});
