import { describe, expect, it } from 'vitest';
import type { KnownFunction } from '../../src/guest/fit-profile.js';
import { FreeLists } from '../../src/guest/free-list.js';
import { GuestProbes } from '../../src/guest/guest-probes.js';
import { KernelEvent } from '../../src/memory/access.js';
import { KERNBASE } from '../../src/memory/map.js';
import { Guest } from '../support/guest.js';

const [RA, SP, A0] = [1, 2, 10] as const;
const [ACQUIRE, RELEASE, BACK, LOCK] = [0, 0x100, 0x200, 0x300].map((at) => KERNBASE + at) as [
  number,
  number,
  number,
  number,
];
const functions: readonly KnownFunction[] = [
  { role: 'acquire', name: 'acquire', address: ACQUIRE, size: 16, argument: 0 },
  { role: 'release', name: 'release', address: RELEASE, size: 16, argument: 0 },
];

function watched() {
  const { hart, memory } = new Guest();
  const told: KernelEvent[] = [];
  const mem = Object.assign(Object.create(memory.ram), { note: (event: KernelEvent) => void told.push(event) });
  const lists = new FreeLists(memory.ram, memory.map.physTop, [], KERNBASE);
  const probes = new GuestProbes(hart, mem, functions, lists, () => undefined);
  const call = (to: number) => {
    hart.setX(RA, BigInt(BACK));
    hart.setX(SP, BigInt(KERNBASE + 0x1000));
    hart.setX(A0, BigInt(LOCK));
    probes.arrive(to);
  };
  return { probes, told, call, back: () => probes.arrive(BACK) };
}

describe('the probes of a kernel’s functions', () => {
  it('tell of a lock when it is wanted, had and let go of', () => {
    const { probes, told, call, back } = watched();
    call(ACQUIRE);
    expect([probes.isTaking, probes.holdsLock]).toEqual([true, false]);
    back();
    expect([probes.isTaking, probes.holdsLock]).toEqual([false, true]);
    call(RELEASE);
    back();
    expect(probes.holdsLock).toBe(false);
    expect(told).toEqual([KernelEvent.LockWanted, KernelEvent.LockAcquired, KernelEvent.LockReleased]);
  });

  it('know that a hart in its idle loop is in no call: one that was switched out in the middle goes on elsewhere', () => {
    const { probes, call, back } = watched();
    call(ACQUIRE);
    back();
    call(RELEASE);
    // The interrupt that release allows again takes its process away.
    expect(probes.holdsLock).toBe(true);
    probes.abandonCalls();
    expect([probes.isTaking, probes.holdsLock]).toEqual([false, false]);
  });
});
