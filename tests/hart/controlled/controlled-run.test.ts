import { describe, expect, it } from 'vitest';
import { ControlledRun } from '../../../src/hart/controlled/controlled-run.js';
import type { Pacing } from '../../../src/hart/controlled/pacing.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { Privilege } from '../../../src/isa/privilege.js';
import { Pte } from '../../../src/isa/sv39.js';
import { KERNBASE } from '../../../src/memory/map.js';
import { Op } from '../../../src/memory/trace-event.js';
import { Guest } from '../../support/guest.js';

const CODE = 0x1_0000;
const DATA = 0x2_0000;
const FRAME = KERNBASE + 0x1000;
const USER = Pte.U | Pte.A | Pte.D;
const NAMES = Object.entries(Op);

/** What user code asks of a schedule, in words, until it traps; `spun` is what happens when it is found to spin. */
function asked(source: string, spun: (guest: Guest) => void = () => {}): string[] {
  const guest = new Guest();
  const { hart, tables, memory } = guest;
  tables.map(BigInt(CODE), KERNBASE, Pte.X | Pte.R | USER);
  tables.map(BigInt(DATA), FRAME, Pte.R | Pte.W | USER);
  guest.load(`li a1, ${DATA}\n${source}\n ecall`, KERNBASE, BigInt(CODE));
  hart.setAddressSpace(tables.root);
  hart.privilege = Privilege.User;
  const log: string[] = [];
  const pacing: Pacing = {
    betweenBlocks() {},
    bell() {},
    idle() {},
    userAccess(op, address, bytes, carryOut, order) {
      const name = NAMES.find(([, code]) => code === op)![0];
      log.push(`${name} ${bytes} bytes at +${address - FRAME}${order === 0 ? '' : `, order ${order}`}`);
      if (log.length > 100) throw new Error('it goes round and round');
      return carryOut();
    },
    fence: (sets) => void log.push(`fence ${sets.toString(2)}`),
    spin(words) {
      log.push(`spins on ${words.map(({ address, value }) => `+${address - FRAME} = ${value}`).join(' and ')}`);
      spun(guest);
    },
  };
  const handler = { start: () => Next.Run, trap: () => Next.Halt, interrupt: () => Next.Run };
  new ControlledRun(handler, hart, memory.ram, pacing, () => false).run(Next.Run);
  return log;
}

describe('user code under control', () => {
  it('tells a schedule which of its accesses are atomic, what they order, and where its fences stand', () => {
    expect(
      asked(`
        amoswap.w.aq a0, a1, (a1)
        lr.w.aq a0, (a1)
        sc.w.rl a0, a1, (a1)
        lw a0, 4(a1)
        fence rw, w
        sw zero, 0(a1)`),
    ).toEqual([
      'AtomicUpdate 4 bytes at +0, order 2',
      'AtomicLoad 4 bytes at +0, order 2',
      'AtomicUpdate 4 bytes at +0, order 1',
      'Load 4 bytes at +4',
      'fence 110001',
      'Store 4 bytes at +0',
    ]);
  });

  it('has an sc that finds no reservation as an atomic load, which orders nothing: it stores nothing', () => {
    expect(asked('sc.w a0, a1, (a1)')).toEqual(['AtomicLoad 4 bytes at +0']);
  });

  it.each([
    ['a loop of loads', 'spin: lw a0, 0(a1)\n beqz a0, spin', 0],
    [
      'an exchange that finds what it stores',
      'li a2, 1\n sw a2, 0(a1)\n spin: amoswap.w.aq a0, a2, (a1)\n bnez a0, spin',
      1,
    ],
  ])('is found to spin in %s, and goes on when the word has changed', (_, source, value) => {
    const log = asked(source, ({ memory }) => memory.ram.store32(FRAME, 1 - value));
    expect(log.filter((line) => line.startsWith('spins'))).toEqual([`spins on +0 = ${value}`]);
    expect(log.length).toBeLessThan(10);
  });

  it('is not taken to spin while it counts', () => {
    const log = asked('li a2, 20\n count: lw a0, 0(a1)\n addi a2, a2, -1\n bnez a2, count');
    expect(log).toHaveLength(20);
  });

  it('is not taken to spin while it changes what it reads', () => {
    const log = asked('count: lw a0, 0(a1)\n addi a0, a0, 1\n sw a0, 0(a1)\n li a2, 20\n blt a0, a2, count');
    expect(log.some((line) => line.startsWith('spins'))).toBe(false);
  });
});
