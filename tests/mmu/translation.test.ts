import { beforeEach, describe, expect, it } from 'vitest';
import { Exit } from '../../src/hart/engine.js';
import { Cause } from '../../src/isa/causes.js';
import { Privilege } from '../../src/isa/privilege.js';
import { Status } from '../../src/isa/status.js';
import { Pte } from '../../src/isa/sv39.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';

const A0 = 10;
const A1 = 11;
const CODE = 0x1_0000n;
const DATA = 0x20_0000n;
const FRAME = KERNBASE + 0x10_0000;
const USER = Pte.U | Pte.A | Pte.D;
const RWX = Pte.R | Pte.W | Pte.X;

let guest: Guest;

type Kind = 'load' | 'store' | 'fetch';
const programs: Record<Kind, string> = { load: 'ld a0,0(a1)\nebreak', store: 'sd a0,0(a1)\nebreak', fetch: 'jr a1' };

/** Runs one access at `va` in the mode, from a page that the mode may execute; undefined when it succeeds, else the cause. */
function access(kind: Kind, va: bigint, mode: Privilege = Privilege.User): number | undefined {
  const { hart, tables } = guest;
  tables.map(CODE, KERNBASE, Pte.R | Pte.X | Pte.A | (mode === Privilege.User ? Pte.U : 0));
  guest.load(programs[kind], KERNBASE, CODE);
  hart.setAddressSpace(tables.root);
  hart.privilege = mode;
  hart.setX(A1, va);
  expect(guest.run()).toBe(Exit.Trap);
  const landed = kind === 'fetch' && hart.cause === Cause.Breakpoint;
  if (hart.cause !== Cause.Breakpoint) {
    expect(hart.trapValue).toBe(BigInt.asUintN(64, va));
    expect(hart.pc).toBe(kind === 'fetch' ? BigInt.asUintN(64, va) : CODE);
    return hart.cause;
  }
  expect(hart.pc).toBe(landed ? va : CODE + 4n);
  return undefined;
}

beforeEach(() => {
  guest = new Guest();
  // ebreak, for fetches that succeed.
  guest.memory.ram.write(FRAME, Uint8Array.from([0x73, 0x00, 0x10, 0x00]));
});

const pageFault: Record<Kind, Cause> = {
  load: Cause.LoadPageFault,
  store: Cause.StorePageFault,
  fetch: Cause.InstructionPageFault,
};
const accessFault: Record<Kind, Cause> = {
  load: Cause.LoadAccessFault,
  store: Cause.StoreAccessFault,
  fetch: Cause.InstructionAccessFault,
};
const kinds = ['load', 'store', 'fetch'] as const;

describe('permissions', () => {
  it.each([
    [Pte.R, ['load']],
    [Pte.R | Pte.W, ['load', 'store']],
    [Pte.X, ['fetch']],
    [Pte.R | Pte.X, ['load', 'fetch']],
    [RWX, ['load', 'store', 'fetch']],
    [Pte.W, []],
    [Pte.W | Pte.X, []],
  ])('of flags %i allow %s and nothing else', (flags, allowed) => {
    guest.tables.map(DATA, FRAME, flags | USER);
    for (const kind of kinds)
      expect(access(kind, DATA), kind).toBe(allowed.includes(kind) ? undefined : pageFault[kind]);
  });

  it.each(kinds)('of a page without U keep a user program from a %s', (kind) => {
    guest.tables.map(DATA, FRAME, RWX | Pte.A | Pte.D);
    expect(access(kind, DATA)).toBe(pageFault[kind]);
    expect(access(kind, DATA, Privilege.Supervisor)).toBe(undefined);
  });

  it('of a page with U keep a supervisor out, but for loads and stores while SUM is set', () => {
    guest.tables.map(DATA, FRAME, RWX | USER);
    for (const kind of kinds) expect(access(kind, DATA, Privilege.Supervisor), kind).toBe(pageFault[kind]);
    guest.hart.setCsr('mstatus', Status.SUM);
    expect(access('load', DATA, Privilege.Supervisor)).toBe(undefined);
    expect(access('store', DATA, Privilege.Supervisor)).toBe(undefined);
    expect(access('fetch', DATA, Privilege.Supervisor)).toBe(pageFault.fetch);
  });

  it('of an executable page let loads in while MXR is set', () => {
    guest.tables.map(DATA, FRAME, Pte.X | USER);
    guest.hart.setCsr('mstatus', Status.MXR);
    expect(access('load', DATA)).toBe(undefined);
    expect(access('store', DATA)).toBe(pageFault.store);
  });

  it('of the mode in MPP count for loads and stores of machine mode while MPRV is set', () => {
    guest.tables.map(DATA, FRAME, Pte.R | USER);
    guest.load(programs.load);
    guest.hart.setAddressSpace(guest.tables.root);
    guest.hart.setX(A1, DATA);
    guest.hart.setCsr('mstatus', Status.MPRV);
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.cause).toBe(Cause.Breakpoint);
    guest.load(programs.store);
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.cause).toBe(Cause.StorePageFault);
  });
});

describe('an entry', () => {
  it.each(kinds)('that is not valid is a page fault for a %s', (kind) => {
    expect(access(kind, DATA)).toBe(pageFault[kind]);
    guest.memory.ram.store64(guest.tables.pteAddress(DATA), 0xff & ~Pte.V);
    expect(access(kind, DATA)).toBe(pageFault[kind]);
  });

  it.each(['N', 'PBMT', 'reserved'])('with the bits for %s set is a page fault', (name) => {
    const bit = { N: 63n, PBMT: 61n, reserved: 54n }[name] ?? 0n;
    guest.tables.map(DATA, FRAME, RWX | USER);
    const at = guest.tables.pteAddress(DATA);
    const pte = BigInt(guest.memory.ram.load64(at)) | (1n << bit);
    guest.memory.ram.storeBig64(at, BigInt.asIntN(64, pte));
    expect(access('load', DATA)).toBe(Cause.LoadPageFault);
  });

  it.each([Pte.A, Pte.D, Pte.U])('that points to a table with flag %i is a page fault', (flag) => {
    guest.tables.map(DATA, FRAME, RWX | USER);
    const at = guest.tables.pteAddress(DATA, 1);
    guest.memory.ram.store64(at, guest.memory.ram.load64(at) | flag);
    expect(access('load', DATA)).toBe(Cause.LoadPageFault);
  });

  it('of the last level that points on is a page fault', () => {
    guest.tables.map(DATA, FRAME, 0);
    expect(access('load', DATA)).toBe(Cause.LoadPageFault);
  });

  it.each(kinds)('that leads outside RAM is an access fault for a %s', (kind) => {
    guest.tables.map(DATA, guest.memory.map.physTop, RWX | USER);
    expect(access(kind, DATA)).toBe(accessFault[kind]);
    guest.tables.map(DATA, 0, RWX | USER);
    expect(access(kind, DATA)).toBe(accessFault[kind]);
  });

  it.each(kinds)('in a table outside RAM is an access fault for a %s', (kind) => {
    guest.tables.map(DATA, 0x1000, 0, 1);
    expect(access(kind, DATA)).toBe(accessFault[kind]);
  });
});

describe('virtual addresses', () => {
  it.each(kinds)('that are not canonical are a page fault for a %s', (kind) => {
    guest.tables.map(DATA, FRAME, RWX | USER);
    for (const va of [DATA + (1n << 39n), DATA + (1n << 62n), 1n << 38n, (1n << 63n) | DATA])
      expect(access(kind, BigInt.asIntN(64, va))).toBe(pageFault[kind]);
  });

  it('of the upper half reach the upper half of the table', () => {
    const high = -0x1000n;
    guest.tables.map(high, FRAME, RWX | USER);
    expect(access('load', high)).toBe(undefined);
    expect(guest.hart.getX(A0)).toBe(0x0010_0073n);
  });
});

describe('a superpage', () => {
  it.each([
    ['2 MiB', 1, KERNBASE + 0x20_0000],
    ['1 GiB', 2, KERNBASE],
  ])('of %s maps all of it', (_, level, frame) => {
    const base = 1n << 30n;
    guest.tables.map(base, frame, RWX | USER, level);
    for (const offset of [0x1000, 0x2008, 0x1f_fff8]) {
      guest.memory.ram.store64(frame + offset, 1000 + offset);
      expect(access('load', base + BigInt(offset))).toBe(undefined);
      expect(guest.hart.getNumber(A0)).toBe(1000 + offset);
    }
  });

  it.each([1, 2])('at level %i whose frame is not aligned to it is a page fault', (level) => {
    guest.tables.map(1n << 30n, KERNBASE + 0x1000, RWX | USER, level);
    expect(access('load', 1n << 30n)).toBe(Cause.LoadPageFault);
  });
});

describe('the walker', () => {
  const flagsOf = (): number => guest.memory.ram.load64(guest.tables.pteAddress(DATA)) & (Pte.A | Pte.D);

  it.each([
    ['load', Pte.A],
    ['fetch', Pte.A],
    ['store', Pte.A | Pte.D],
  ] as const)('sets what a %s says about the page', (kind, expected) => {
    guest.tables.map(DATA, FRAME, RWX | Pte.U);
    expect(access(kind, DATA)).toBe(undefined);
    expect(flagsOf()).toBe(expected);
  });

  it('sets D at the first store after loads have been served', () => {
    guest.tables.map(DATA, FRAME, RWX | Pte.U);
    guest.tables.map(CODE, KERNBASE, Pte.X | Pte.U | Pte.A);
    guest.load('ld a0,0(a1)\nebreak\nsd a0,0(a1)\nebreak', KERNBASE, CODE);
    guest.hart.setAddressSpace(guest.tables.root);
    guest.hart.privilege = Privilege.User;
    guest.hart.setX(A1, DATA);
    guest.run();
    expect(flagsOf()).toBe(Pte.A);
    guest.hart.pc += 4n;
    guest.run();
    expect(flagsOf()).toBe(Pte.A | Pte.D);
  });

  it('leaves an entry alone that denies the access', () => {
    guest.tables.map(DATA, FRAME, Pte.R | Pte.U);
    expect(access('store', DATA)).toBe(Cause.StorePageFault);
    expect(flagsOf()).toBe(0);
  });
});

describe('an access across two pages', () => {
  it('faults at the page that is missing, and a store writes nothing', () => {
    guest.tables.map(DATA, FRAME, Pte.R | Pte.W | USER);
    guest.tables.map(CODE, KERNBASE, Pte.X | Pte.U | Pte.A);
    guest.memory.ram.fill(FRAME, 0, 4096);
    for (const [program, cause] of [
      ['ld a0,-4(a1)', Cause.LoadPageFault],
      ['sd a2,-4(a1)', Cause.StorePageFault],
    ] as const) {
      guest.load(`${program}\nebreak`, KERNBASE, CODE);
      guest.hart.setAddressSpace(guest.tables.root);
      guest.hart.privilege = Privilege.User;
      guest.hart.setX(A1, DATA + 0x1000n);
      guest.hart.setX(12, -1n);
      guest.run();
      expect(guest.hart.cause).toBe(cause);
      expect(guest.hart.trapValue).toBe(DATA + 0x1000n);
    }
    expect(guest.memory.ram.load64(FRAME + 4088)).toBe(0);
  });

  it('reaches frames that do not lie together', () => {
    guest.tables.map(DATA, FRAME, Pte.R | Pte.W | USER);
    guest.tables.map(DATA + 0x1000n, FRAME + 0x5000, Pte.R | Pte.W | USER);
    guest.tables.map(CODE, KERNBASE, Pte.X | Pte.U | Pte.A);
    guest.load('sd a2,-4(a1)\nld a0,-4(a1)\nebreak', KERNBASE, CODE);
    guest.hart.setAddressSpace(guest.tables.root);
    guest.hart.privilege = Privilege.User;
    guest.hart.setX(A1, DATA + 0x1000n);
    guest.hart.setX(12, 0x1122_3344_5566_7788n);
    guest.run();
    expect(guest.hart.getX(A0)).toBe(0x1122_3344_5566_7788n);
    expect(guest.memory.ram.load32(FRAME + 4092)).toBe(0x5566_7788);
    expect(guest.memory.ram.load32(FRAME + 0x5000)).toBe(0x1122_3344);
  });

  it('is an instruction page fault of the half that is missing', () => {
    guest.tables.map(CODE, KERNBASE, Pte.X | USER);
    guest.loadWords([0x00150513], 4, KERNBASE + 0xffe);
    guest.hart.setAddressSpace(guest.tables.root);
    guest.hart.privilege = Privilege.User;
    guest.hart.pc = CODE + 0xffen;
    expect(guest.run()).toBe(Exit.Trap);
    expect(guest.hart.cause).toBe(Cause.InstructionPageFault);
    expect(guest.hart.trapValue).toBe(CODE + 0x1000n);
    expect(guest.hart.pc).toBe(CODE + 0xffen);
  });

  it('is an instruction of whatever page comes next in the address space', () => {
    // The same first half twice; the second halves are addi a0,a0,1 and addi a0,a0,2.
    guest.loadWords([0x0513], 2, KERNBASE + 0xffe);
    guest.loadWords([0x0015, 0x9002], 2, KERNBASE + 0x1000);
    guest.loadWords([0x0025, 0x9002], 2, KERNBASE + 0x3000);
    for (const [va, next] of [
      [CODE, KERNBASE + 0x1000],
      [CODE + 0x10000n, KERNBASE + 0x3000],
    ] as const) {
      guest.tables.map(va, KERNBASE, Pte.X | USER);
      guest.tables.map(va + 0x1000n, next, Pte.X | USER);
    }
    guest.hart.setAddressSpace(guest.tables.root);
    guest.hart.privilege = Privilege.User;
    guest.hart.setX(A0, 0n);
    for (const va of [CODE, CODE + 0x10000n, CODE]) {
      guest.hart.pc = va + 0xffen;
      guest.run();
      expect(guest.hart.cause).toBe(Cause.Breakpoint);
    }
    expect(guest.hart.getX(A0)).toBe(4n);
  });
});
