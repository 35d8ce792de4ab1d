import { beforeEach, describe, expect, it } from 'vitest';
import { Clint, clintState } from '../../src/devices/clint.js';
import { Interrupt } from '../../src/isa/causes.js';
import { DeviceMemory } from '../support/device-memory.js';

const MTIMECMP = 0x4000;
const MTIME = 0xbff8;
const NEVER = 2n ** 64n - 1n;

let ticks: number;
let machine: DeviceMemory;
let clint: Clint;

beforeEach(() => {
  ticks = 1000;
  machine = new DeviceMemory(clintState.size);
  clint = new Clint(machine.host, machine.at, machine.lines, () => ticks);
  clint.reset();
});

describe('msip', () => {
  it('is the software interrupt of its hart, which wakes', () => {
    expect(clint.store(4, 4, 0xffff_ffffn)).toBe(true);
    expect(machine.interrupted(Interrupt.MachineSoftware)).toEqual([1]);
    expect([clint.load(0, 4), clint.load(4, 4)]).toEqual([0n, 1n]);
    expect([machine.rings(0), machine.rings(1)]).toEqual([0, 1]);
    clint.store(4, 4, 0n);
    expect(machine.interrupted(Interrupt.MachineSoftware)).toEqual([]);
  });

  it('is there for harts that are there, as words', () => {
    expect(clint.load(8, 4)).toBeUndefined();
    expect(clint.store(8, 4, 1n)).toBe(false);
    expect(clint.load(0, 8)).toBeUndefined();
  });
});

describe('mtime', () => {
  it('begins at 0 and goes with the clock', () => {
    expect(clint.load(MTIME, 8)).toBe(0n);
    ticks += 5;
    expect(clint.load(MTIME, 8)).toBe(5n);
    expect(clint.time()).toBe(5);
  });

  it('can be set, whole or by halves, and timers follow at once', () => {
    clint.store(MTIMECMP, 8, 0x1_0000_0000n);
    clint.store(MTIME + 4, 4, 1n);
    expect(clint.load(MTIME, 8)).toBe(0x1_0000_0000n);
    expect(machine.interrupted(Interrupt.MachineTimer)).toEqual([0]);
    ticks += 3;
    expect(clint.load(MTIME, 4)).toBe(3n);
    clint.store(MTIME, 8, 7n);
    expect(clint.time()).toBe(7);
    expect(machine.interrupted(Interrupt.MachineTimer)).toEqual([]);
  });
});

describe('mtimecmp', () => {
  it('is never at first', () => {
    expect(clint.load(MTIMECMP + 8, 8)).toBe(NEVER);
    clint.update(1, clint.time());
    expect(machine.interrupted(Interrupt.MachineTimer)).toEqual([]);
  });

  it('in the past interrupts at once, and in the future takes the interrupt away at once', () => {
    ticks += 10;
    clint.store(MTIMECMP + 8, 8, 10n);
    expect(machine.interrupted(Interrupt.MachineTimer)).toEqual([1]);
    clint.store(MTIMECMP + 8, 8, 11n);
    expect(machine.interrupted(Interrupt.MachineTimer)).toEqual([]);
  });

  it('interrupts when its time has come and the hart looks', () => {
    clint.store(MTIMECMP, 8, 20n);
    ticks += 19;
    clint.update(0, clint.time());
    expect(machine.interrupted(Interrupt.MachineTimer)).toEqual([]);
    ticks += 1;
    clint.update(0, clint.time());
    expect(machine.interrupted(Interrupt.MachineTimer)).toEqual([0]);
  });

  it('keeps all 64 bits, whole or by halves', () => {
    clint.store(MTIMECMP, 8, 0xfedc_ba98_7654_3210n);
    expect(clint.load(MTIMECMP, 8)).toBe(0xfedc_ba98_7654_3210n);
    expect(clint.load(MTIMECMP + 4, 4)).toBe(0xfedc_ba98n);
    clint.store(MTIMECMP, 4, 1n);
    expect(clint.load(MTIMECMP, 8)).toBe(0xfedc_ba98_0000_0001n);
  });

  it('wakes the hart that sleeps by the old one', () => {
    const before = machine.rings(1);
    clint.store(MTIMECMP + 8, 8, 1_000_000n);
    expect(machine.rings(1)).toBeGreaterThan(before);
  });
});

it('nothing answers anywhere else, nor for bytes', () => {
  for (const [offset, size] of [
    [MTIMECMP + 16, 8],
    [0x3ff8, 8],
    [MTIME - 8, 8],
    [MTIME, 1],
    [MTIMECMP, 2],
  ] as const) {
    expect(clint.load(offset, size), `${offset}`).toBeUndefined();
    expect(clint.store(offset, size, 0n), `${offset}`).toBe(false);
  }
});
