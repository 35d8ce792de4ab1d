import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { Cause } from '../../src/isa/causes.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';
import { edges, s64, u64 } from '../support/integers.js';

const RA = 1;
const A0 = 10;
const A1 = 11;
const A2 = 12;

const branches: Record<string, (a: bigint, b: bigint) => boolean> = {
  beq: (a, b) => a === b,
  bne: (a, b) => a !== b,
  blt: (a, b) => a < b,
  bge: (a, b) => a >= b,
  bltu: (a, b) => u64(a) < u64(b),
  bgeu: (a, b) => u64(a) >= u64(b),
};

const guest = new Guest();

/** Distances that stay in the page, leave it, go back, and reach as far as a branch can. */
const distances = [8, 2048, 4092, -4096 + 8];

describe.each(Object.entries(branches))('%s', (name, taken) => {
  it.each(distances)('goes %i bytes on exactly when its condition holds', (distance) => {
    const start = KERNBASE + 0x2000;
    guest.load(`${name} a1,a2,. + ${distance}\nebreak`, start);
    guest.loadWords([0x00100073], 4, start + distance);
    for (const a of edges)
      for (const b of edges) {
        guest.hart.pc = BigInt(start);
        guest.hart.setX(A1, s64(a));
        guest.hart.setX(A2, s64(b));
        expect(guest.run()).toBe(Exit.Trap);
        expect(guest.hart.cause).toBe(Cause.Breakpoint);
        expect(guest.hart.pc).toBe(BigInt(start + (taken(s64(a), s64(b)) ? distance : 4)));
      }
  });
});

describe('jal', () => {
  it.each([8, 4094, 4096, 0x7ff00, -0x1000])('goes %i bytes on and links', (distance) => {
    const start = KERNBASE + 0x2000;
    guest.load(`jal ra,. + ${distance}`, start);
    guest.loadWords([0x00100073], 4, start + distance);
    guest.hart.pc = BigInt(start);
    guest.run();
    expect(guest.hart.pc).toBe(BigInt(start + distance));
    expect(u64(guest.hart.getX(RA))).toBe(BigInt(start + 4));
  });
});

describe('jalr', () => {
  it('clears bit 0 of the target, which may come from its own destination', () => {
    guest.load('la ra,there\naddi ra,ra,-1\nlink: jalr ra,4(ra)\nnop\nthere: nop\nc.nop\nfound: ebreak');
    guest.run();
    // there - 1 + 4, with bit 0 cleared.
    expect(guest.hart.pc).toBe(guest.at('there') + 2n + 4n - 4n);
  });

  it('links the address behind itself', () => {
    guest.load('la a0,there\nlink: jalr ra,0(a0)\nnop\nthere: ebreak');
    guest.run();
    expect(guest.hart.pc).toBe(guest.at('there'));
    expect(u64(guest.hart.getX(RA))).toBe(guest.at('link') + 4n);
  });

  it('of two bytes links two bytes behind itself', () => {
    guest.load('la a0,there\nlink: c.jalr a0\nnop\nthere: ebreak');
    guest.run();
    expect(u64(guest.hart.getX(RA))).toBe(guest.at('link') + 2n);
  });
});

describe('a page of code', () => {
  it('goes on in the next page, also in the middle of an instruction', () => {
    const start = KERNBASE + 0x1000 - 6;
    guest.load('addi a0,zero,1\naddi a0,a0,2\naddi a0,a0,4\nebreak', start);
    guest.run();
    expect(guest.hart.getX(A0)).toBe(7n);
    expect(guest.hart.instret).toBeGreaterThan(0);
  });

  it('may be left and entered by a branch that itself crosses into the next page', () => {
    const start = KERNBASE + 0x1000 - 10;
    guest.load('back: addi a0,a0,1\nc.li a1,5\nc.nop\nblt a0,a1,back\nebreak', start);
    guest.hart.setX(A0, 0n);
    guest.run();
    expect(guest.hart.getX(A0)).toBe(5n);
    expect(guest.hart.pc).toBe(BigInt(KERNBASE + 0x1000 + 2));
  });
});

describe('instructions', () => {
  it('are counted one by one, whatever they are', () => {
    guest.load('li a0,3\nloop: addi a0,a0,-1\nsd a0,0(sp)\nbnez a0,loop\nlr.d a1,(sp)\nfence\nebreak');
    guest.hart.setX(2, BigInt(KERNBASE + 0x8000));
    const before = guest.hart.instret;
    guest.run();
    expect(guest.hart.instret - before).toBe(1 + 3 * 3 + 2);
  });

  it('stop at a boundary when the budget is used up, and go on where they stopped', () => {
    guest.load('loop: addi a0,a0,1\naddi a1,a1,1\nj loop');
    guest.hart.setX(A0, 0n);
    guest.hart.setX(A1, 0n);
    for (const budget of [1, 2, 3, 10, 9999, 10_001]) {
      const before = guest.hart.instret;
      expect(guest.run(budget)).toBe(Exit.Budget);
      const executed = guest.hart.instret - before;
      expect(executed).toBeGreaterThanOrEqual(budget);
      expect(executed).toBeLessThan(budget + 3);
      expect(guest.hart.budget).toBe(budget - executed);
    }
    expect(guest.hart.getX(A0)).toBe(guest.hart.getX(A1));
  });

  it('do not run at all without a budget', () => {
    guest.load('loop: addi a0,a0,1\nj loop');
    guest.hart.setX(A0, 0n);
    expect(guest.run(0)).toBe(Exit.Budget);
    expect(guest.hart.getX(A0)).toBe(0n);
  });
});
