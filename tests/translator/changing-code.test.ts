import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { assemble } from '../../src/isa/assemble.js';
import { Cause } from '../../src/isa/causes.js';
import { Privilege } from '../../src/isa/privilege.js';
import { PAGE_SIZE, Pte } from '../../src/isa/sv39.js';
import { KERNBASE } from '../../src/memory/map.js';
import type { EngineChoice } from '../../src/translator/engines.js';
import { Guest } from '../support/guest.js';

const EAGER: EngineChoice = { name: 'translator', threshold: 2 };
const [S0, S1, A0] = [8, 9, 10];
const CODE = 0x1_0000;
const USER = Pte.U | Pte.A | Pte.D | Pte.R | Pte.X;
const DATA = KERNBASE + 0x10_0000;

/** Adds `step` to a0 ten times. */
const loop = (step: number): string =>
  `li a0,0\nli t0,10\nagain: addi a0,a0,${step}\naddi t0,t0,-1\nbnez t0,again\nebreak`;

function run(guest: Guest, start: number | bigint): bigint {
  guest.hart.pc = BigInt(start);
  expect(guest.run()).toBe(Exit.Trap);
  expect(guest.hart.cause).toBe(Cause.Breakpoint);
  return guest.hart.getX(A0);
}

/** The frames at KERNBASE and after it hold one loop each; the page at CODE is the first of them. */
function mapped(...steps: readonly number[]): Guest {
  const guest = new Guest(1, EAGER);
  const { hart, memory, tables } = guest;
  for (const [i, step] of steps.entries())
    memory.ram.write(KERNBASE + i * PAGE_SIZE, assemble(loop(step), { origin: BigInt(CODE) }).bytes);
  tables.map(CODE, KERNBASE, USER);
  hart.setAddressSpace(tables.root);
  hart.privilege = Privilege.User;
  return guest;
}

describe('translated code that changes', () => {
  it('is the new code after fence.i, when the program itself changed it', () => {
    const guest = new Guest(1, EAGER);
    guest.load(`
      outer: li a0,0
      li t0,10
      again: addi a0,a0,1
      addi t0,t0,-1
      bnez t0,again
      ebreak
      la t1,again
      sw s1,0(t1)
      fence.i
      j outer`);
    expect(run(guest, KERNBASE)).toBe(10n);
    guest.hart.setX(S1, BigInt(Buffer.from(assemble('addi a0,a0,7').bytes).readInt32LE()));
    expect(run(guest, guest.hart.pc + 4n)).toBe(70n);
  });

  it('may be the old code until fence.i, and is not mixed', () => {
    const guest = mapped(1);
    expect(run(guest, CODE)).toBe(10n);
    guest.memory.ram.write(KERNBASE, assemble(loop(3), { origin: BigInt(CODE) }).bytes);
    expect([10n, 30n]).toContain(run(guest, CODE));
    guest.hart.engine.flushCode();
    expect(run(guest, CODE)).toBe(30n);
  });

  it('is what the page holds that its address is mapped to now', () => {
    const guest = mapped(1, 2, 3);
    for (const [frame, sum] of [10n, 20n, 30n, 20n, 10n].entries()) {
      const index = frame < 3 ? frame : 4 - frame;
      guest.tables.map(CODE, KERNBASE + index * PAGE_SIZE, USER);
      guest.hart.sfenceVma(CODE);
      expect(run(guest, CODE)).toBe(sum);
    }
  });

  it('is what the frame holds that was freed and given to another program', () => {
    const guest = mapped(1);
    for (const step of [1, 5, 1, 9, 5]) {
      guest.memory.ram.write(KERNBASE, assemble(loop(step), { origin: BigInt(CODE) }).bytes);
      guest.hart.setAddressSpace(guest.tables.root);
      expect(run(guest, CODE)).toBe(BigInt(step * 10));
    }
  });

  it('does the same at two addresses, relative to each', () => {
    const guest = new Guest(1, EAGER);
    const { hart, memory, tables } = guest;
    const source = 'li t0,10\nagain: auipc a0,0\naddi t0,t0,-1\nbnez t0,again\nebreak';
    memory.ram.write(KERNBASE, assemble(source, { origin: BigInt(CODE) }).bytes);
    const other = CODE + 16 * PAGE_SIZE;
    tables.map(CODE, KERNBASE, USER);
    tables.map(other, KERNBASE, USER);
    hart.setAddressSpace(tables.root);
    hart.privilege = Privilege.User;
    for (let time = 0; time < 2; time++) for (const at of [CODE, other]) expect(run(guest, at)).toBe(BigInt(at + 4));
  });

  it('faults where its page was taken away', () => {
    const guest = mapped(1);
    expect(run(guest, CODE)).toBe(10n);
    guest.tables.map(CODE, KERNBASE, USER & ~Pte.X);
    guest.hart.sfenceVma(CODE);
    guest.hart.pc = BigInt(CODE);
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.cause).toBe(Cause.InstructionPageFault);
  });

  it('goes when there is no room for more, and comes again', () => {
    const guest = new Guest(1, { ...EAGER, capacity: 12 });
    // Each text is new, and has a region of its own at least.
    for (const step of [...Array(30).keys(), ...Array(30).keys()]) {
      guest.load(loop(step));
      expect(run(guest, KERNBASE)).toBe(BigInt(step * 10));
    }
  });
});

describe.each([2, 4])('%i harts', (harts) => {
  it('run what one of them has changed, once they were told and have fenced', async () => {
    const guest = new Guest(harts, EAGER);
    // Hart 0 changes the step of everybody's loop, then says so; the others wait for that, fence, and run it.
    guest.load(`
      bnez tp,wait
      call work
      la t1,again
      sw s1,0(t1)
      fence rw,rw
      fence.i
      li t2,1
      amoswap.w.rl t2,t2,(s0)
      j last
      wait: call work
      look: lw t2,0(s0)
      beqz t2,look
      fence rw,rw
      fence.i
      last: mv s2,a0
      call work
      ebreak
      work: li a0,0
      li t0,1000
      again: addi a0,a0,1
      addi t0,t0,-1
      bnez t0,again
      ret`);
    const changed = BigInt(Buffer.from(assemble('addi a0,a0,7').bytes).readInt32LE());
    for (const hart of guest.harts) {
      hart.setX(4, BigInt(hart.id));
      hart.setX(S0, BigInt(DATA));
      hart.setX(S1, changed);
    }
    await guest.runAll();
    for (const hart of guest.harts) {
      expect(hart.cause).toBe(Cause.Breakpoint);
      expect(hart.getX(A0)).toBe(7000n);
    }
    expect(guest.hart.getX(18)).toBe(1000n);
  });
});
