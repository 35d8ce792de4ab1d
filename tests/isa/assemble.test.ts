import { describe, expect, it } from 'vitest';
import { type AssembleOptions, assemble } from '../../src/isa/assemble.js';
import { decode, instructionSize } from '../../src/isa/decode.js';
import { disassemble } from '../../src/isa/disassemble.js';

/** The text of what a source assembles to, one instruction per entry. */
function listing(source: string, options: AssembleOptions = {}): string[] {
  const { bytes, origin } = assemble(source, options);
  const view = Buffer.from(bytes);
  const lines: string[] = [];
  for (let at = 0; at < view.length; ) {
    const size = instructionSize(view.readUInt16LE(at));
    lines.push(disassemble(size === 4 ? view.readUInt32LE(at) : view.readUInt16LE(at), origin + BigInt(at)));
    at += size;
  }
  return lines;
}

const bytesOf = (source: string, options: AssembleOptions = {}) => [...assemble(source, options).bytes];

describe('labels', () => {
  it('mean the address of what follows, before and after their use', () => {
    expect(listing('j end\nstart: nop\nj start\nend: ret', { origin: 0x1000 })).toEqual([
      'jal zero,0x100c',
      'addi zero,zero,0',
      'jal zero,0x1004',
      'jalr zero,0(ra)',
    ]);
  });

  it('of one digit are found backward and forward, and may be repeated', () => {
    expect(listing('1: j 1f\n1: j 1b\nj 1f\n1: nop')).toEqual([
      'jal zero,0x4',
      'jal zero,0x4',
      'jal zero,0xc',
      'addi zero,zero,0',
    ]);
  });

  it('are reported with constants as symbols, but not the local ones', () => {
    const { symbols } = assemble('N = 3\n.Lhidden: nop\n1: nop\n_start: .data\nvalue: .word 1', { origin: 0x80000000 });
    expect([...symbols]).toEqual([
      ['_start', 0x80000008n],
      ['value', 0x80000008n],
      ['N', 3n],
    ]);
  });

  it('and `.` make distances', () => {
    expect(bytesOf('a: .byte 1,2,3\n.byte . - a, end - a\nend:')).toEqual([1, 2, 3, 3, 5]);
  });
});

describe('branches', () => {
  const space = (bytes: number) => `.space ${bytes}\n`;

  it('that just reach keep their form', () => {
    expect(assemble(`beq a0,a1,far\n${space(4090)}far:`).bytes.length).toBe(4094);
  });

  it('that do not reach become the opposite branch around a jump, either way', () => {
    expect(listing(`beqz a0,far\n${space(4092)}far:`).slice(0, 2)).toEqual(['bne a0,zero,0x8', 'jal zero,0x1004']);
    expect(listing(`back:\n${space(8192)}bltu a0,a1,back`).slice(-2)).toEqual(['bgeu a0,a1,0x2008', 'jal zero,0x0']);
  });

  it('that only fail because another grew, grow too', () => {
    // The first reaches exactly, as long as the second, which stands between it and its target, is short.
    const source = `x: blt a0,a1,near\nbge a0,a1,far\n${space(4086)}near:\n.space 6\nfar: ${space(8)}`;
    expect(listing(source).slice(0, 4)).toEqual([
      'bge a0,a1,0x8',
      'jal zero,0x1006',
      'blt a0,a1,0x10',
      'jal zero,0x100c',
    ]);
  });

  it('beyond the reach of a jump are errors that say what to use', () => {
    expect(() => assemble(`nop\nj far\n${space(1 << 20)}far:`)).toThrow(/^line 2: jal: .* use `call` or `tail`/);
    expect(() => assemble(`c.j far\n${space(4096)}far:`)).toThrow(/leave out the c\. to reach further/);
  });
});

/** What li leaves in its register, by the manual's meaning of the four instructions it may use. */
function loaded(value: string): bigint {
  let register = 0n;
  const { bytes } = assemble(`li a0,${value}`);
  for (let at = 0; at < bytes.length; at += 4) {
    const decoded = decode(Buffer.from(bytes).readInt32LE(at));
    if (decoded === undefined) throw new Error('li made an illegal instruction');
    const { imm, rs1 } = decoded.operands;
    const source = rs1 === 0 ? 0n : register;
    const results = new Map([
      ['lui', imm],
      ['addi', source + imm],
      ['addiw', BigInt.asIntN(32, source + imm)],
      ['slli', source << (imm & 63n)],
    ]);
    const result = results.get(decoded.row.name);
    if (result === undefined) throw new Error(`li used ${decoded.row.name}`);
    register = BigInt.asIntN(64, result);
  }
  return register;
}

describe('li', () => {
  const powers = Array.from({ length: 64 }, (_, bit) => 1n << BigInt(bit));
  const values = [
    ...powers.flatMap((power) => [power - 1n, power, power + 1n, -power, -power - 1n, power + 2048n, power - 2049n]),
    ...[0n, 0x7ffff800n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 0x123456789abcdef0n, 0xfedcba9876543210n],
  ].filter((value) => value >= -(1n << 63n));

  it('loads any 64-bit value in at most eight instructions', () => {
    for (const value of values) {
      expect(loaded(`${value}`), `${value}`).toBe(BigInt.asIntN(64, value));
      expect(assemble(`li a0,${value}`).bytes.length).toBeLessThanOrEqual(32);
    }
  });

  it('takes one instruction for twelve bits or for an upper part alone', () => {
    expect(listing('li a0,-2048')).toEqual(['addi a0,zero,-2048']);
    expect(listing('li a0,0x12345000')).toEqual(['lui a0,0x12345']);
  });

  it('refuses what 64 bits cannot hold, and addresses', () => {
    expect(() => assemble('li a0,1<<63<<1')).toThrow('line 1: 18446744073709551616 needs more than 64 bits');
    expect(() => assemble('x: li a0,x')).toThrow('for an address use `la`');
  });
});

describe('addresses', () => {
  it('are loaded relative to pc', () => {
    expect(listing(`la a0,x\n.space 0x7f8\nx:`).slice(0, 2)).toEqual(['auipc a0,0x1', 'addi a0,a0,-2048']);
    expect(listing(`x: lw a0,x\nsd a0,x,t0`)).toEqual(['auipc a0,0x0', 'lw a0,0(a0)', 'auipc t0,0x0', 'sd a0,-8(t0)']);
    expect(listing('nop\ncall .\ntail .')).toEqual([
      'addi zero,zero,0',
      'auipc ra,0x0',
      'jalr ra,0(ra)',
      'auipc t1,0x0',
      'jalr zero,0(t1)',
    ]);
  });

  it('split into %hi and %lo add up again', () => {
    expect(listing('lui a0,%hi(0x12345fff)\naddi a0,a0,%lo(0x12345fff)')).toEqual(['lui a0,0x12346', 'addi a0,a0,-1']);
    expect(listing('1: auipc a0,%pcrel_hi(x)\nld a1,%pcrel_lo(1b)(a0)\nx:')).toEqual(['auipc a0,0x0', 'ld a1,8(a0)']);
  });

  it('have no lower part without an upper one', () => {
    expect(() => assemble('x: addi a0,a0,%pcrel_lo(x)')).toThrow('%pcrel_lo needs the label of an auipc');
  });
});

describe('instructions', () => {
  it('take offsets that are left out as 0', () => {
    expect(listing('lw a0,(a1)\njr a1\njalr a1\nlr.w a0,0(a1)')).toEqual([
      'lw a0,0(a1)',
      'jalr zero,0(a1)',
      'jalr ra,0(a1)',
      'lr.w a0,(a1)',
    ]);
  });

  it('with a register form take an immediate too', () => {
    expect(listing('add a0,a1,-1\nsraw a0,a1,3\ncsrw sepc,5\ncsrrs a0,sie,1')).toEqual([
      'addi a0,a1,-1',
      'sraiw a0,a1,3',
      'csrrwi zero,sepc,5',
      'csrrsi a0,sie,1',
    ]);
  });

  it('extend by shifts where there is no instruction', () => {
    expect(listing('sext.h a0,a1\nzext.w a0,a1')).toEqual([
      'slli a0,a1,48',
      'srai a0,a0,48',
      'slli a0,a1,32',
      'srli a0,a0,32',
    ]);
  });

  it('accept a mask written as an unsigned 64-bit number', () => {
    expect(listing('andi a0,a0,0xfffffffffffffff0')).toEqual(['andi a0,a0,-16']);
  });
});

describe('data', () => {
  it('is little endian and of its size', () => {
    expect(bytesOf('.byte 1,-1\n.half 0x1234\n.word 0x12345678\n.dword -2')).toEqual([
      ...[1, 0xff, 0x34, 0x12, 0x78, 0x56, 0x34, 0x12],
      ...[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ]);
  });

  it('has strings with escapes, and marks of comments inside them are text', () => {
    expect(Buffer.from(assemble('.ascii "a#b//c;\\n\\"\\101\\x42" # x').bytes).toString()).toBe('a#b//c;\n"AB');
    expect(bytesOf('.asciz "h"\n.string "i"')).toEqual([0x68, 0, 0x69, 0]);
  });

  it('is filled and aligned', () => {
    expect(bytesOf('.data\n.byte 1\n.p2align 2\n.space 2,7\n.balign 4,9\n.zero 1')).toEqual([
      1, 0, 0, 0, 7, 7, 9, 9, 0,
    ]);
    expect(listing('c.nop\n.align 3\nret')).toEqual(['c.nop', 'c.nop', 'addi zero,zero,0', 'jalr zero,0(ra)']);
  });

  it('lies in sections in the order of their first mention, text first, each aligned', () => {
    const { sections } = assemble('.data\n.align 4\n.byte 1\n.text\nret\n.section .rodata\n.byte 2\n.data\n.byte 3', {
      origin: 0x1000,
    });
    expect(sections).toEqual([
      { name: '.text', address: 0x1000n, size: 4 },
      { name: '.data', address: 0x1010n, size: 2 },
      { name: '.rodata', address: 0x1012n, size: 1 },
    ]);
  });
});

describe('expressions', () => {
  const value = (expression: string) => assemble(`.equ v, ${expression}`).symbols.get('v');

  it('follow the precedence of the GNU assembler', () => {
    expect(value('1+2*3')).toBe(7n);
    expect(value('1<<4|1')).toBe(17n);
    expect(value('10+4|1')).toBe(15n);
    expect(value('-(2-5)*~0')).toBe(-3n);
    expect(value('7%4 + 7/2 - (0xff&0x0f^1)')).toBe(-8n);
    expect(value("'a' + 0b11 + 010")).toBe(108n);
  });

  it('use constants as they were defined before', () => {
    expect(bytesOf('.set n,1\n.byte n\n.set n,n+1\n.byte n')).toEqual([1, 2]);
  });
});

describe('mistakes are reported with their line and what to do', () => {
  const cases: [string, string][] = [
    ['nop\nfoo a0', 'line 2: there is no instruction foo'],
    ['/* one\ntwo */\nj nowhere', 'line 3: nowhere is not defined'],
    ['j 1f', 'line 1: a later label 1: is not defined'],
    ['j 1b', 'line 1: there is no label 1: before this line'],
    ['x: nop\nx: nop', 'line 2: x is already defined in line 1; rename one of them'],
    ['addi a0,a1', 'line 1: write `addi rd,rs1,imm`'],
    ['mv a0', 'line 1: write `mv rd,rs1` or `mv rd,rs2`'],
    ['addi a0,a1,a2', 'line 1: addi: `a2` is a register; a number or symbol is expected'],
    ['addi a0,q1,2', 'line 1: addi: `q1` is not a register'],
    ['addi a0,a1,2048', 'line 1: addi: 2048 is outside -2048 to 2047'],
    ['slliw a0,a1,32', 'line 1: slliw: 32 is outside 0 to 31'],
    ['c.lw a0,3(a1)', 'line 1: c.lw: 3 is not a multiple of 4'],
    ['c.lw t0,4(a1)', 'line 1: c.lw: this encoding cannot name x5 as rd'],
    ['c.lwsp zero,4(sp)', 'line 1: c.lwsp: rd must not be 0'],
    ['lui a0,0x100000', 'line 1: 1048576 is outside 0 to 0xfffff; take %hi of an address'],
    ['csrwi sie,32', 'line 1: csrwi: `32` is not a number from 0 to 31'],
    ['fence wr,r', 'line 1: fence: `wr` is not a set'],
    ['lw a0,4(', 'line 1: '],
    ['.byte 256', 'line 1: 256 does not fit 1 bytes'],
    ['.ascii "x', 'line 1: the string has no closing quote'],
    ['/* x', 'line 1: the comment has no end'],
    ['.frob 1', 'line 1: .frob is not known; there are .byte'],
    ['.align 31', 'line 1: .align takes a power of two from 0 to 30'],
    ['.balign 3', 'line 1: .balign takes 1, 2, 4, 8'],
    ['.word 1/0', 'line 1: division by zero'],
    ['.word (1', 'line 1: `( 1` lacks a closing parenthesis'],
    ['.word 1 2', 'line 1: `2` is not expected in `1 2`'],
    ['.word 09', 'line 1: 09 has a leading 0 but is not octal'],
    ['.equ a,b\n.equ b,a\n.word a', 'is defined by itself'],
    ['call', 'line 1: call takes 1 operand, not 0'],
    ['nop\n.space 1<<40', 'line 2: the program is larger than 2 GiB here'],
    ['lr.w a0,4(a1)', 'line 1: lr.w: takes no offset'],
    ['?', 'line 1: `?` cannot be read'],
  ];
  for (const [source, message] of cases) {
    it(JSON.stringify(source), () => {
      expect(() => assemble(source)).toThrow(message);
      expect(() => assemble(source)).toThrow(expect.objectContaining({ name: 'AssemblyError' }));
    });
  }
});
