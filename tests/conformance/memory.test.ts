import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { Cause } from '../../src/isa/causes.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';
import { edges, s64 } from '../support/integers.js';

const A0 = 10;
const A1 = 11;
const A2 = 12;
const DATA = KERNBASE + 0x4000;
/** Within a page, across a cache line, across a page. */
const offsets = [0, 1, 2, 3, 4, 5, 6, 7, 61, 4089, 4090, 4091, 4092, 4093, 4094, 4095];

const loads: Record<string, { readonly size: number; readonly signed: boolean }> = {
  lb: { size: 1, signed: true },
  lbu: { size: 1, signed: false },
  lh: { size: 2, signed: true },
  lhu: { size: 2, signed: false },
  lw: { size: 4, signed: true },
  lwu: { size: 4, signed: false },
  ld: { size: 8, signed: true },
};
const stores: Record<string, number> = { sb: 1, sh: 2, sw: 4, sd: 8 };

const guest = new Guest();

/** The little-endian number in guest memory. */
function memory(address: number, size: number): bigint {
  return guest.memory.ram.read(address, size).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

describe.each(Object.entries(loads))('%s', (name, { size, signed }) => {
  it.each([0n, -1n, 0x7f80_7f80_7f80_7f80n, 0x8079_8081_8283_8485n])('extends %i, at any alignment', (pattern) => {
    const bytes = Buffer.alloc(16);
    bytes.writeBigInt64LE(s64(pattern), 0);
    bytes.writeBigInt64LE(s64(~pattern), 8);
    for (const offset of offsets) {
      guest.memory.ram.write(DATA + offset, bytes);
      for (const immediate of [0, 8, -2048, 2047]) {
        guest.load(`${name} a0,${immediate}(a1)\nebreak`);
        guest.hart.setX(A1, BigInt(DATA + offset - immediate));
        expect(guest.run()).toBe(Exit.Trap);
        const bits = size * 8;
        const expected = signed ? BigInt.asIntN(bits, pattern) : BigInt.asUintN(bits, pattern);
        expect(guest.hart.getX(A0), `offset ${offset}`).toBe(s64(expected));
      }
    }
  });
});

describe.each(Object.entries(stores))('%s', (name, size) => {
  it('writes its bytes and no others, at any alignment', () => {
    for (const offset of offsets)
      for (const value of edges) {
        guest.memory.ram.fill(DATA + offset - 8, 0xa5, 32);
        guest.load(`${name} a0,0(a1)\nebreak`);
        guest.hart.setX(A0, s64(value));
        guest.hart.setX(A1, BigInt(DATA + offset));
        expect(guest.run()).toBe(Exit.Trap);
        const at = `offset ${offset}`;
        expect(memory(DATA + offset, size), at).toBe(BigInt.asUintN(size * 8, value));
        expect(memory(DATA + offset - 8, 8), at).toBe(0xa5a5_a5a5_a5a5_a5a5n);
        expect(memory(DATA + offset + size, 8), at).toBe(0xa5a5_a5a5_a5a5_a5a5n);
      }
  });
});

describe('an address outside RAM', () => {
  const outside = [0n, BigInt(KERNBASE) - 1n, BigInt(guest.memory.map.physTop), -1n, 1n << 62n];

  it.each(outside)('%i is an access fault for a load', (address) => {
    guest.load('lb a0,0(a1)\nebreak');
    guest.hart.setX(A1, s64(address));
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.cause).toBe(Cause.LoadAccessFault);
    expect(guest.hart.trapValue).toBe(BigInt.asUintN(64, address));
    expect(guest.hart.pc).toBe(BigInt(KERNBASE));
  });

  it.each(outside)('%i is an access fault for a store', (address) => {
    guest.load('sb a0,0(a1)\nebreak');
    guest.hart.setX(A1, s64(address));
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.cause).toBe(Cause.StoreAccessFault);
    expect(guest.hart.trapValue).toBe(BigInt.asUintN(64, address));
  });

  it.each(outside)('%i is an access fault for a jump', (address) => {
    guest.load('jr a1');
    guest.hart.setX(A1, s64(address));
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.cause).toBe(Cause.InstructionAccessFault);
    expect(guest.hart.trapValue).toBe(BigInt.asUintN(64, address & ~1n));
    expect(guest.hart.pc).toBe(BigInt.asUintN(64, address & ~1n));
  });

  it('is a fault of the part that is outside, and nothing is stored', () => {
    const end = guest.memory.map.physTop;
    guest.memory.ram.fill(end - 8, 0, 8);
    guest.load('sd a2,0(a1)\nebreak');
    guest.hart.setX(A1, BigInt(end - 4));
    guest.hart.setX(A2, -1n);
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.cause).toBe(Cause.StoreAccessFault);
    expect(guest.hart.trapValue).toBe(BigInt(end));
    expect(memory(end - 8, 8)).toBe(0n);
  });
});
