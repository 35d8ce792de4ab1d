import { describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { Privilege } from '../../src/isa/privilege.js';
import { AccessKind, hartBlock, KERNBASE, PGSIZE, Watch } from '../../src/memory/map.js';
import { takeOwnFrames } from '../../src/memory/own-frames.js';
import { Op } from '../../src/memory/trace-event.js';
import { Guest } from '../support/guest.js';

const A0 = 10;
const DATA = KERNBASE + 0x4000;
const [NONE, RL, AQ] = [0, 1, 2];
/** Of `li a1, DATA`. */
const LI_BYTES = 12;

/** A guest with one instruction after `li a1, DATA`, and then an ebreak. */
function about(instruction: string): Guest {
  const guest = new Guest();
  guest.load(`li a1, ${DATA}\n at: ${instruction}\n ebreak`);
  return guest;
}

describe('a watched hart', () => {
  it.each([
    ['lb a0, 3(a1)', AccessKind.Load, 1, 3, NONE],
    ['lhu a0, 2(a1)', AccessKind.Load, 2, 2, NONE],
    ['ld a0, 1(a1)', AccessKind.Load, 8, 1, NONE],
    ['sw a1, 4(a1)', AccessKind.Store, 4, 4, NONE],
    ['c.sd a0, 8(a1)', AccessKind.Store, 8, 8, NONE],
    ['amoadd.w a0, a1, (a1)', AccessKind.Update, 4, 0, NONE],
    ['amoswap.w.aq a0, a1, (a1)', AccessKind.Update, 4, 0, AQ],
    ['amomax.d.rl a0, a1, (a1)', AccessKind.Update, 8, 0, RL],
    ['amoor.d.aqrl a0, a1, (a1)', AccessKind.Update, 8, 0, AQ | RL],
    ['lr.w a0, (a1)', AccessKind.LoadReserved, 4, 0, NONE],
    ['lr.d.aq a0, (a1)', AccessKind.LoadReserved, 8, 0, AQ],
    ['sc.d a0, a1, (a1)', AccessKind.StoreConditional, 8, 0, NONE],
    ['sc.w.rl a0, a1, (a1)', AccessKind.StoreConditional, 4, 0, RL],
  ] as const)(
    'announces `%s` before it happens, each time, and carries it out when it may',
    (text, kind, size, offset, order) => {
      const guest = about(text);
      const { hart, memory } = guest;
      // Translations from before, through which an access could slip.
      guest.run();
      hart.pc = BigInt(KERNBASE);
      hart.watch = Watch.Announce;
      const before = memory.ram.read(DATA, 16);
      for (let time = 0; time < 3; time++) {
        expect(guest.run()).toBe(Exit.Access);
        expect(hart.announced).toEqual({ kind, size, order });
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

  it.each([
    ['fence', 0b1111_1111],
    ['fence rw,w', 0b0011_0001],
    ['fence.tso', 0b1000_0011_0011],
  ] as const)('announces `%s` with what it orders, each time, and goes on when it may', (text, order) => {
    const guest = about(text);
    const { hart } = guest;
    guest.run();
    hart.pc = BigInt(KERNBASE);
    hart.watch = Watch.Announce;
    for (let time = 0; time < 3; time++) {
      expect(guest.run()).toBe(Exit.Access);
      expect(hart.announced).toEqual({ kind: AccessKind.Fence, size: 0, order });
      expect(hart.pc).toBe(guest.at('at'));
      hart.watch = Watch.CarryOut;
      expect(guest.run()).toBe(Exit.Trap);
      expect(hart.pc).toBe(guest.at('at') + 4n);
      hart.watch = Watch.Announce;
      hart.pc = BigInt(KERNBASE);
    }
  });

  it.each([
    ['fence r,rw', AccessKind.Fence, 0, 0b0010_0011],
    ['amoswap.w.aq a0, a1, (a1)', AccessKind.Update, 4, AQ],
    ['sc.w.rl a0, a1, (a1)', AccessKind.StoreConditional, 4, RL],
  ] as const)('announces `%s` across two pages as anywhere', (text, kind, size, order) => {
    const guest = new Guest();
    guest.load(`li a1, ${DATA}\n at: ${text}\n ebreak`, KERNBASE + PGSIZE - LI_BYTES - 2);
    expect(guest.at('at') % BigInt(PGSIZE)).toBe(BigInt(PGSIZE - 2));
    guest.hart.watch = Watch.Announce;
    expect(guest.run()).toBe(Exit.Access);
    expect(guest.hart.announced).toEqual({ kind, size, order });
    guest.hart.watch = Watch.CarryOut;
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.pc).toBe(guest.at('at') + 4n);
  });

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

describe('a watched hart that need not announce everything', () => {
  const [SP, FP] = [2, 8] as const;
  const { mostFrame, ownBelow, ownChanges, quietLeft, quietEvents, quietStep, contendedBits, watchedBits } =
    hartBlock.fields;
  /** Somewhere in RAM that nothing else lies in. */
  const ELSEWHERE = KERNBASE + 0x40_0000;

  /** One that has its translations, about to make the access at `at`. */
  function readied(instruction: string, mode: number = Privilege.Supervisor): Guest {
    const guest = about(instruction);
    guest.hart.privilege = mode;
    guest.hart.watch = Watch.CarryOut;
    guest.run();
    guest.hart.pc = BigInt(KERNBASE);
    guest.hart.watch = Watch.Announce;
    return guest;
  }

  it('makes accesses to the frame of its own function, and says where it stored, and whether something new', () => {
    const guest = readied('sd a1, 8(a1)');
    const { hart, memory } = guest;
    const { host } = memory;
    const { block } = hart.map;
    memory.ram.store64(DATA + 8, 0);
    hart.setX(SP, BigInt(DATA));
    hart.setX(FP, BigInt(DATA + 16));
    mostFrame.store(host, block, 64);
    ownBelow.store(host, block, DATA + 16);
    expect(guest.run()).not.toBe(Exit.Access);
    expect(memory.ram.load64(DATA + 8)).toBe(DATA);
    expect(takeOwnFrames(memory)).toEqual([DATA]);
    expect(takeOwnFrames(memory)).toEqual([]);
    expect(ownChanges.load(host, block)).toBe(1);
    hart.pc = BigInt(KERNBASE);
    guest.run();
    expect(ownChanges.load(host, block)).toBe(1);
  });

  it.each([
    ['beyond the frame', { fp: DATA + 8 }],
    ['in a frame that is too large', { most: 8 }],
    ['above what is dead when the idle loop goes on', { below: DATA + 8 }],
    ['in user mode', { mode: Privilege.User }],
  ])(
    'announces it %s',
    (_, {
      fp = DATA + 16,
      most = 64,
      below = DATA + 16,
      mode = Privilege.Supervisor,
    }: {
      fp?: number;
      most?: number;
      below?: number;
      mode?: number;
    }) => {
      const guest = readied('sd a1, 8(a1)', mode);
      const { hart, memory } = guest;
      hart.setX(SP, BigInt(DATA));
      hart.setX(FP, BigInt(fp));
      mostFrame.store(memory.host, hart.map.block, most);
      ownBelow.store(memory.host, hart.map.block, below);
      expect(guest.run()).toBe(Exit.Access);
    },
  );

  it('puts quiet accesses into the trace, as many as it may, and none to words that others care for', () => {
    const guest = readied('ld a0, 8(a1)\n sh a1, 16(a1)\n ld a0, 24(a1)');
    const { hart, memory } = guest;
    const { host } = memory;
    const { block } = hart.map;
    const inMemory = (address: number) => address - KERNBASE + memory.map.ramOffset;
    const bits = ELSEWHERE + 0x1000;
    quietLeft.store(host, block, 5);
    quietEvents.store(host, block, inMemory(ELSEWHERE));
    quietStep.store(host, block, 70);
    const word = (DATA + 24 - KERNBASE) / 4;
    contendedBits.store(host, block, inMemory(bits));
    watchedBits.store(host, block, inMemory(bits + 0x10_0000));
    memory.ram.store32(bits + (word >>> 5) * 4, 1 << (word & 31));
    memory.ram.store64(DATA + 8, 0x1234);
    expect(guest.run()).toBe(Exit.Access);
    expect(hart.trapAddress).toBe(DATA + 24);
    expect(quietLeft.load(host, block)).toBe(3);
    const event = (i: number) => Array.from({ length: 5 }, (_, j) => memory.ram.load32(ELSEWHERE + i * 20 + j * 4));
    expect(event(0)).toEqual([Op.Load | (8 << 16), 70, DATA + 8, 0x1234, 0x1234]);
    expect(event(1)).toEqual([Op.Store | (2 << 16), 71, DATA + 16, DATA & 0xffff, DATA & 0xffff]);
  });
});
