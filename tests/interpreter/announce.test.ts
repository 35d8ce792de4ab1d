import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { AccessKind, KERNBASE, Watch } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';

const A0 = 10;
const DATA = KERNBASE + 0x4000;

/** A guest with one instruction after `li a1, DATA`, and then an ebreak. */
function about(instruction: string): Guest {
  const guest = new Guest();
  guest.load(`li a1, ${DATA}\n at: ${instruction}\n ebreak`);
  return guest;
}

describe('a watched hart', () => {
  it.each([
    ['lb a0, 3(a1)', AccessKind.Load, 1, 3],
    ['lhu a0, 2(a1)', AccessKind.Load, 2, 2],
    ['ld a0, 1(a1)', AccessKind.Load, 8, 1],
    ['sw a1, 4(a1)', AccessKind.Store, 4, 4],
    ['c.sd a0, 8(a1)', AccessKind.Store, 8, 8],
    ['amoadd.w a0, a1, (a1)', AccessKind.Update, 4, 0],
    ['amomax.d a0, a1, (a1)', AccessKind.Update, 8, 0],
    ['lr.w a0, (a1)', AccessKind.LoadReserved, 4, 0],
    ['sc.d a0, a1, (a1)', AccessKind.StoreConditional, 8, 0],
  ] as const)(
    'announces `%s` before it happens, each time, and carries it out when it may',
    (text, kind, size, offset) => {
      const guest = about(text);
      const { hart, memory } = guest;
      // Translations from before, through which an access could slip.
      guest.run();
      hart.pc = BigInt(KERNBASE);
      hart.watch = Watch.Announce;
      const before = memory.ram.read(DATA, 16);
      for (let time = 0; time < 3; time++) {
        expect(guest.run()).toBe(Exit.Access);
        expect(hart.announced).toEqual({ kind, size });
        expect(hart.trapAddress).toBe(DATA + offset);
        expect(hart.pc).toBe(guest.at('at'));
        if (time === 0) expect(memory.ram.read(DATA, 16)).toEqual(before);
        hart.watch = Watch.CarryOut;
        expect(guest.run(1)).toBe(Exit.Budget);
        expect(hart.pc).toBeGreaterThan(guest.at('at'));
        hart.watch = Watch.Announce;
        hart.pc = BigInt(KERNBASE);
      }
    },
  );

  it('counts no instruction that was only announced', () => {
    const guest = about('lw a0, (a1)');
    guest.hart.watch = Watch.Announce;
    const { instret } = guest.hart;
    guest.run();
    const announced = guest.hart.instret;
    expect(guest.run()).toBe(Exit.Access);
    expect(guest.hart.instret).toBe(announced);
    expect(announced - instret).toBe(Number(guest.at('at') - BigInt(KERNBASE)) / 4);
  });

  it('is nothing special any more when it is not watched', () => {
    const guest = about('lw a0, (a1)');
    guest.memory.ram.store32(DATA, 42);
    guest.hart.watch = Watch.Announce;
    expect(guest.run()).toBe(Exit.Access);
    guest.hart.watch = Watch.Off;
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.getX(A0)).toBe(42n);
  });
});
