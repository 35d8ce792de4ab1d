import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { Cause } from '../../src/isa/causes.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';
import { edges, s64, u64 } from '../support/integers.js';

const A0 = 10;
const A1 = 11;
const A2 = 12;
const DATA = KERNBASE + 0x4000;

const choose = (condition: boolean, a: bigint, b: bigint): bigint => (condition ? a : b);

/** The new memory value of each AMO from the old one and rs2, both sign-extended (Unprivileged ISA, chapter "A"). */
const operations: Record<string, (old: bigint, value: bigint) => bigint> = {
  amoswap: (_, b) => b,
  amoadd: (a, b) => a + b,
  amoxor: (a, b) => a ^ b,
  amoand: (a, b) => a & b,
  amoor: (a, b) => a | b,
  amomin: (a, b) => choose(a < b, a, b),
  amomax: (a, b) => choose(a > b, a, b),
  amominu: (a, b) => choose(u64(a) < u64(b), a, b),
  amomaxu: (a, b) => choose(u64(a) > u64(b), a, b),
};
const widths: Record<string, 4 | 8> = { w: 4, d: 8 };

const guest = new Guest();

function setMemory(value: bigint): void {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(s64(value));
  guest.memory.ram.write(DATA, bytes);
}
const memory = (): bigint => Buffer.from(guest.memory.ram.read(DATA, 8)).readBigInt64LE();

/** A frame in which something was reserved takes another path than one where nothing was. */
describe.each(['where nothing was ever reserved', 'in a reserved frame'])('%s', (where) => {
  const reserve = where === 'in a reserved frame' ? 'lr.d a3,(a1)' : 'nop';

  describe.each(Object.entries(operations))('%s', (name, define) => {
    it.each(Object.entries(widths))('.%s updates memory and returns the old value', (suffix, size) => {
      guest.load(`${reserve}\nbegin: ${name}.${suffix} a0,a2,(a1)\nebreak`);
      guest.hart.setX(A1, BigInt(DATA));
      guest.run();
      const bits = size * 8;
      for (const old of edges)
        for (const value of edges) {
          setMemory(old);
          guest.hart.pc = guest.at('begin');
          guest.hart.setX(A2, s64(value));
          expect(guest.run()).toBe(Exit.Trap);
          expect(guest.hart.cause).toBe(Cause.Breakpoint);
          const before = BigInt.asIntN(bits, old);
          const after = define(before, BigInt.asIntN(bits, value));
          expect(guest.hart.getX(A0)).toBe(before);
          const untouched = (s64(old) >> BigInt(bits)) << BigInt(bits);
          expect(u64(memory())).toBe(u64(size === 8 ? after : untouched | BigInt.asUintN(32, after)));
        }
    });
  });
});

describe.each(Object.entries(widths))('lr.%s and sc.%s', (suffix, size) => {
  const lr = `lr.${suffix}`;
  const sc = `sc.${suffix}`;
  const bits = size * 8;

  it('load, then store and return 0', () => {
    for (const old of edges)
      for (const value of edges) {
        setMemory(old);
        guest.load(`${lr} a3,(a1)\n${sc} a0,a2,(a1)\nebreak`);
        guest.hart.setX(A1, BigInt(DATA));
        guest.hart.setX(A2, s64(value));
        guest.run();
        expect(guest.hart.getX(A0)).toBe(0n);
        expect(guest.hart.getX(13)).toBe(BigInt.asIntN(bits, old));
        expect(BigInt.asIntN(bits, memory())).toBe(BigInt.asIntN(bits, value));
        if (size === 4) expect(memory() >> 32n).toBe(s64(old) >> 32n);
      }
  });

  it.each([
    ['without a reservation', `${sc} a0,a2,(a1)`],
    ['at another address', `addi a4,a1,64\n${lr} a3,(a4)\n${sc} a0,a2,(a1)`],
    ['a second time', `${lr} a3,(a1)\n${sc} a4,a3,(a1)\n${sc} a0,a2,(a1)`],
    ['after a failure elsewhere', `${lr} a3,(a1)\naddi a4,a1,64\n${sc} a3,a2,(a4)\n${sc} a0,a2,(a1)`],
  ])('fail %s, and store nothing', (_, source) => {
    setMemory(5n);
    guest.load(`${source}\nebreak`);
    guest.hart.dropReservation();
    guest.hart.setX(A1, BigInt(DATA));
    guest.hart.setX(A2, 99n);
    guest.run();
    expect(guest.hart.cause).toBe(Cause.Breakpoint);
    expect(guest.hart.getX(A0)).toBe(1n);
    expect(memory()).toBe(5n);
  });

  it('fail after the supervisor has dropped the reservation, as it does when it switches', () => {
    setMemory(5n);
    guest.load(`${lr} a3,(a1)\nebreak\n${sc} a0,a2,(a1)\nebreak`);
    guest.hart.setX(A1, BigInt(DATA));
    guest.run();
    guest.hart.dropReservation();
    guest.hart.pc += 4n;
    guest.run();
    expect(guest.hart.getX(A0)).toBe(1n);
    expect(memory()).toBe(5n);
  });

  it('fail after the supervisor has written the bytes in bulk', () => {
    setMemory(5n);
    guest.load(`${lr} a3,(a1)\nebreak\n${sc} a0,a2,(a1)\nebreak`);
    guest.hart.setX(A1, BigInt(DATA));
    guest.run();
    setMemory(5n);
    guest.hart.pc += 4n;
    guest.run();
    expect(guest.hart.getX(A0)).toBe(1n);
    expect(memory()).toBe(5n);
  });
});

describe('a misaligned atomic access', () => {
  it.each([
    ['lr.w a0,(a1)', 2, Cause.LoadMisaligned],
    ['lr.d a0,(a1)', 4, Cause.LoadMisaligned],
    ['sc.w a0,a2,(a1)', 1, Cause.StoreMisaligned],
    ['sc.d a0,a2,(a1)', 4, Cause.StoreMisaligned],
    ['amoadd.w a0,a2,(a1)', 2, Cause.StoreMisaligned],
    ['amoadd.d a0,a2,(a1)', 4, Cause.StoreMisaligned],
    ['amomax.d a0,a2,(a1)', 4, Cause.StoreMisaligned],
  ])('%s at offset %i traps', (instruction, offset, cause) => {
    guest.load(`${instruction}\nebreak`);
    guest.hart.setX(A1, BigInt(DATA + offset));
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.cause).toBe(cause);
    expect(guest.hart.trapValue).toBe(BigInt(DATA + offset));
  });
});
