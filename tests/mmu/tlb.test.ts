import { beforeEach, describe, expect, it } from 'vitest';
import { Cause } from '../../src/isa/causes.js';
import { Privilege } from '../../src/isa/privilege.js';
import { Pte } from '../../src/isa/sv39.js';
import { hartBlock, KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';

const A0 = 10;
const A1 = 11;
const CODE = 0x1_0000n;
const DATA = 0x20_0000n;
const FRAME = KERNBASE + 0x10_0000;
const OTHER_FRAME = KERNBASE + 0x20_0000;
const USER = Pte.U | Pte.A | Pte.D;

let guest: Guest;

beforeEach(() => {
  guest = new Guest();
  guest.tables.map(CODE, KERNBASE, Pte.X | USER);
  guest.tables.map(DATA, FRAME, Pte.R | Pte.W | USER);
  guest.load('load: ld a0,0(a1)\nebreak\nstore: sd a0,0(a1)\nebreak', KERNBASE, CODE);
  guest.hart.setAddressSpace(guest.tables.root);
  guest.hart.privilege = Privilege.User;
  guest.hart.setX(A1, DATA);
});

function execute(label: string): number {
  guest.hart.pc = guest.at(label);
  guest.run();
  return guest.hart.cause;
}

describe('a cached translation', () => {
  it('outlives the removal of its entry, until the TLB is flushed', () => {
    guest.memory.ram.store64(FRAME, 7);
    expect(execute('load')).toBe(Cause.Breakpoint);
    guest.memory.ram.store64(guest.tables.pteAddress(DATA), 0);
    expect(execute('load')).toBe(Cause.Breakpoint);
    expect(guest.hart.getX(A0)).toBe(7n);
    guest.hart.sfenceVma();
    expect(execute('load')).toBe(Cause.LoadPageFault);
  });

  it('lets a hart store through a write permission that was taken away, until the TLB is flushed', () => {
    guest.hart.setX(A0, 1n);
    execute('store');
    guest.tables.map(DATA, FRAME, Pte.R | USER);
    guest.hart.setX(A0, 2n);
    expect(execute('store')).toBe(Cause.Breakpoint);
    expect(guest.memory.ram.load64(FRAME)).toBe(2);
    guest.hart.sfenceVma();
    expect(execute('store')).toBe(Cause.StorePageFault);
  });

  it('for loads is not replaced when a store is translated anew', () => {
    guest.memory.ram.store64(FRAME, 7);
    execute('load');
    guest.tables.map(DATA, OTHER_FRAME, Pte.R | Pte.W | USER);
    guest.hart.setX(A0, 9n);
    execute('store');
    expect(guest.memory.ram.load64(OTHER_FRAME)).toBe(9);
    execute('load');
    expect(guest.hart.getX(A0)).toBe(7n);
  });

  it('of code outlives a change of its entry, until the TLB is flushed', () => {
    execute('load');
    guest.memory.ram.write(
      OTHER_FRAME,
      guest.program.bytes.map(() => 0),
    );
    guest.tables.map(CODE, OTHER_FRAME, Pte.X | USER);
    expect(execute('load')).toBe(Cause.Breakpoint);
    guest.hart.sfenceVma();
    expect(execute('load')).toBe(Cause.IllegalInstruction);
  });

  it('also serves misaligned accesses', () => {
    guest.memory.ram.store64(FRAME, 0x0102_0304);
    execute('load');
    guest.memory.ram.store64(guest.tables.pteAddress(DATA), 0);
    guest.hart.setX(A1, DATA + 1n);
    expect(execute('load')).toBe(Cause.Breakpoint);
    expect(guest.hart.getX(A0)).toBe(0x0001_0203n);
  });

  it('is lost to another page of the same index, and found again by a walk', () => {
    const far = DATA + 256n * 4096n;
    guest.tables.map(far, OTHER_FRAME, Pte.R | USER);
    guest.memory.ram.store64(FRAME, 1);
    guest.memory.ram.store64(OTHER_FRAME, 2);
    const misses = () => hartBlock.fields.tlbReadMisses.load(guest.memory.host, guest.hart.map.block);
    const before = misses();
    for (const [va, value] of [
      [DATA, 1n],
      [far, 2n],
      [DATA, 1n],
      [DATA, 1n],
    ] as const) {
      guest.hart.setX(A1, va);
      execute('load');
      expect(guest.hart.getX(A0)).toBe(value);
    }
    expect(misses() - before).toBe(3);
  });
});

describe('sfence.vma of one page', () => {
  const NEXT = DATA + 0x1000n;

  it('forgets that page and no other', () => {
    guest.tables.map(NEXT, OTHER_FRAME, Pte.R | Pte.W | USER);
    for (const va of [DATA, NEXT]) {
      guest.hart.setX(A1, va);
      execute('load');
      execute('store');
      guest.memory.ram.store64(guest.tables.pteAddress(va), 0);
    }
    guest.hart.sfenceVma(Number(DATA));
    expect(execute('load')).toBe(Cause.Breakpoint);
    expect(execute('store')).toBe(Cause.Breakpoint);
    guest.hart.setX(A1, DATA);
    expect(execute('load')).toBe(Cause.LoadPageFault);
    expect(execute('store')).toBe(Cause.StorePageFault);
  });

  it('of a superpage forgets all of it', () => {
    const base = 1n << 30n;
    guest.tables.map(base, KERNBASE + 0x20_0000, Pte.R | USER, 1);
    guest.hart.setX(A1, base + 0x5000n);
    execute('load');
    guest.memory.ram.store64(guest.tables.pteAddress(base, 1), 0);
    expect(execute('load')).toBe(Cause.Breakpoint);
    guest.hart.sfenceVma(Number(base));
    expect(execute('load')).toBe(Cause.LoadPageFault);
  });

  it('of a reserved frame makes the next store fault too', () => {
    guest.load('load: lr.d a0,(a1)\nebreak\nstore: sd a0,0(a1)\nebreak', KERNBASE, CODE);
    execute('load');
    execute('store');
    guest.tables.map(DATA, FRAME, Pte.R | USER);
    expect(execute('store')).toBe(Cause.Breakpoint);
    guest.hart.sfenceVma(Number(DATA));
    expect(execute('store')).toBe(Cause.StorePageFault);
  });
});
