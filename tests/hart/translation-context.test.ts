import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/hart/engine.js';
import { Hart } from '../../src/hart/hart.js';
import { BARE, translationModes } from '../../src/hart/translation-context.js';
import { Privilege } from '../../src/isa/privilege.js';
import { Status } from '../../src/isa/status.js';
import { makeSatp } from '../../src/isa/sv39.js';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

const { User, Supervisor, Machine } = Privilege;

/** A hart that counts its flushes. */
function counting() {
  const memory = SharedMemory.create({ harts: 1, memory: 2 });
  const flushes = { count: 0 };
  const engine: Engine = {
    run: () => 0,
    flushTlb: () => {
      flushes.count++;
    },
    flushCode: () => {},
  };
  const hart = new Hart(0, memory, engine);
  /** Flushes that the change comes to. */
  const by = (change: () => void) => {
    const before = flushes.count;
    change();
    return flushes.count - before;
  };
  return { hart, by };
}

describe('a change of mode', () => {
  it('forgets no translations while nothing is translated', () => {
    const { hart, by } = counting();
    expect(by(() => (hart.privilege = Machine))).toBe(1);
    for (const mode of [Supervisor, User, Machine]) expect(by(() => (hart.privilege = mode))).toBe(0);
  });

  it('forgets them when a walk would find others', () => {
    const { hart, by } = counting();
    hart.privilege = Supervisor;
    hart.setCsr('satp', makeSatp(KERNBASE));
    expect(by(() => hart.settleTranslations())).toBe(1);
    expect(by(() => hart.settleTranslations())).toBe(0);
    for (const mode of [User, Supervisor, Machine])
      expect(
        by(() => (hart.privilege = mode)),
        `${mode}`,
      ).toBe(1);
    hart.setCsr('mstatus', Status.MPRV | (1n << 11n));
    expect(by(() => hart.settleTranslations())).toBe(1);
  });

  it('forgets them when the address space was switched in between', () => {
    const { hart, by } = counting();
    hart.privilege = Supervisor;
    for (const page of [0, 1, 0]) {
      hart.setCsr('satp', makeSatp(KERNBASE + page * 4096));
      expect(by(() => hart.settleTranslations())).toBe(1);
    }
  });
});

describe('an address space that a supervisor sets', () => {
  it('forgets them even if it is the same', () => {
    const { hart, by } = counting();
    hart.setAddressSpace(KERNBASE);
    expect(by(() => hart.setAddressSpace(KERNBASE))).toBe(1);
  });
});

describe('translation modes', () => {
  it('are told apart where they grant different things, and nowhere else', () => {
    const [sum, mxr, mprv, mpp] = [Status.SUM, Status.MXR, Status.MPRV, Status.MPP].map(Number) as [
      number,
      number,
      number,
      number,
    ];
    const bare = [translationModes(Machine, 0), translationModes(Machine, sum), translationModes(Machine, mprv | mpp)];
    expect(bare).toEqual([BARE, BARE, BARE]);
    const different = [
      translationModes(User, 0),
      translationModes(User, mxr),
      translationModes(Supervisor, 0),
      translationModes(Supervisor, sum),
      translationModes(Machine, mprv),
      translationModes(Machine, mprv | (1 << 11)),
      BARE,
    ];
    expect(new Set(different).size).toBe(different.length);
    expect(translationModes(Supervisor, mpp | 0xaa)).toBe(translationModes(Supervisor, 0));
  });
});
