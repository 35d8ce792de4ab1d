import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { Cause } from '../../src/isa/causes.js';
import { Guest } from '../support/guest.js';
import { edges, immediates, s32, s64, u32, u64 } from '../support/integers.js';

const A0 = 10;
const A1 = 11;
const A2 = 12;

type Definition = (a: bigint, b: bigint) => bigint;

const bool = (condition: boolean): bigint => (condition ? 1n : 0n);
const min = (bits: bigint): bigint => -(1n << (bits - 1n));

/** The manual's table of division: by zero, and of the most negative number by -1. */
const div = (a: bigint, b: bigint): bigint => (b === 0n ? -1n : a / b);
const rem = (a: bigint, b: bigint): bigint => (b === 0n ? a : a % b);

/** Unprivileged ISA, chapters "RV32I", "RV64I" and "M": rd as a function of two registers, before wrapping to 64 bits. */
const registerRegister: Record<string, Definition> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  sll: (a, b) => a << (b & 63n),
  slt: (a, b) => bool(a < b),
  sltu: (a, b) => bool(u64(a) < u64(b)),
  xor: (a, b) => a ^ b,
  srl: (a, b) => u64(a) >> (b & 63n),
  sra: (a, b) => a >> (b & 63n),
  or: (a, b) => a | b,
  and: (a, b) => a & b,
  addw: (a, b) => s32(a + b),
  subw: (a, b) => s32(a - b),
  sllw: (a, b) => s32(a << (b & 31n)),
  srlw: (a, b) => s32(u32(a) >> (b & 31n)),
  sraw: (a, b) => s32(a) >> (b & 31n),
  mul: (a, b) => a * b,
  mulh: (a, b) => (a * b) >> 64n,
  mulhsu: (a, b) => (a * u64(b)) >> 64n,
  mulhu: (a, b) => (u64(a) * u64(b)) >> 64n,
  div: (a, b) => div(a, b),
  divu: (a, b) => div(u64(a), u64(b)),
  rem: (a, b) => rem(a, b),
  remu: (a, b) => rem(u64(a), u64(b)),
  mulw: (a, b) => s32(a * b),
  divw: (a, b) => s32(div(s32(a), s32(b))),
  divuw: (a, b) => s32(div(u32(a), u32(b))),
  remw: (a, b) => s32(rem(s32(a), s32(b))),
  remuw: (a, b) => s32(rem(u32(a), u32(b))),
};

/** rd as a function of a register and a sign-extended twelve-bit immediate. */
const registerImmediate: Record<string, Definition> = {
  addi: (a, i) => a + i,
  slti: (a, i) => bool(a < i),
  sltiu: (a, i) => bool(u64(a) < u64(i)),
  xori: (a, i) => a ^ i,
  ori: (a, i) => a | i,
  andi: (a, i) => a & i,
  addiw: (a, i) => s32(a + i),
};

/** rd as a function of a register and a shift amount. */
const shifts: Record<string, { readonly amounts: readonly bigint[]; readonly define: Definition }> = {
  slli: { amounts: [0n, 1n, 31n, 32n, 63n], define: (a, i) => a << i },
  srli: { amounts: [0n, 1n, 31n, 32n, 63n], define: (a, i) => u64(a) >> i },
  srai: { amounts: [0n, 1n, 31n, 32n, 63n], define: (a, i) => a >> i },
  slliw: { amounts: [0n, 1n, 15n, 31n], define: (a, i) => s32(a << i) },
  srliw: { amounts: [0n, 1n, 15n, 31n], define: (a, i) => s32(u32(a) >> i) },
  sraiw: { amounts: [0n, 1n, 15n, 31n], define: (a, i) => s32(a) >> i },
};

const guest = new Guest();

/** Executes the one instruction that was loaded, with an ebreak behind it. */
function execute(start: bigint, a: bigint, b: bigint): bigint {
  const { hart } = guest;
  hart.pc = start;
  hart.setX(A1, s64(a));
  hart.setX(A2, s64(b));
  hart.setX(A0, 0x5ca1ab1en);
  expect(guest.run()).toBe(Exit.Trap);
  expect(hart.cause).toBe(Cause.Breakpoint);
  return hart.getX(A0);
}

const cases = (a: bigint, b: bigint): string => `${a}, ${b}`;

describe('of two registers, as the manual defines it,', () => {
  it.each(Object.entries(registerRegister))('%s', (name, define) => {
    guest.load(`${name} a0,a1,a2\nebreak`);
    const start = guest.hart.pc;
    const values = [...edges, 31n, 32n, 63n, 64n, 7n, -7n, min(64n) + 1n];
    for (const a of values)
      for (const b of values) expect(execute(start, a, b), cases(a, b)).toBe(s64(define(s64(a), s64(b))));
  });

  it.each(Object.entries(registerRegister))('%s where rd is both sources', (name, define) => {
    guest.load(`mv a0,a1\n${name} a0,a0,a0\nebreak`);
    const start = guest.hart.pc;
    for (const a of edges) expect(execute(start, a, 0n), cases(a, a)).toBe(s64(define(s64(a), s64(a))));
  });
});

describe('of a register and an immediate, as the manual defines it,', () => {
  it.each(Object.entries(registerImmediate))('%s', (name, define) => {
    for (const i of immediates) {
      guest.load(`${name} a0,a1,${i}\nebreak`);
      const start = guest.hart.pc;
      for (const a of edges) expect(execute(start, a, 0n), cases(a, i)).toBe(s64(define(s64(a), i)));
    }
  });

  it.each(Object.entries(shifts))('%s', (name, { amounts, define }) => {
    for (const i of amounts) {
      guest.load(`${name} a0,a1,${i}\nebreak`);
      const start = guest.hart.pc;
      for (const a of edges) expect(execute(start, a, 0n), cases(a, i)).toBe(s64(define(s64(a), i)));
    }
  });

  it.each([0n, 1n, 0x7ffffn, 0x80000n, 0xfffffn])('lui and auipc of %i', (upper) => {
    const value = s32(upper << 12n);
    guest.load(`lui a0,${upper}\nebreak`);
    expect(execute(guest.hart.pc, 0n, 0n)).toBe(value);
    guest.load(`auipc a0,${upper}\nebreak`);
    expect(execute(guest.hart.pc, 0n, 0n)).toBe(s64(guest.hart.pc - 4n + value));
  });
});

describe('x0', () => {
  it.each(['add x0,a1,a2', 'lui x0,1', 'addi x0,a1,5', 'mul x0,a1,a2', 'ld x0,0(a3)', 'amoadd.d x0,a1,(a3)'])(
    'is still 0 after %s',
    (instruction) => {
      guest.load(`la a3,word\n${instruction}\nadd a0,x0,x0\nebreak\n.balign 8\nword: .dword 77`);
      expect(execute(guest.hart.pc, 3n, 4n)).toBe(0n);
    },
  );
});
