import { beforeEach, describe, expect, it } from 'vitest';
import { Plic, plicState } from '../../src/devices/plic.js';
import { Interrupt } from '../../src/isa/causes.js';
import { DeviceMemory } from '../support/device-memory.js';

const PENDING = 0x1000;
const enable = (context: number, word = 0) => 0x2000 + 0x80 * context + 4 * word;
const threshold = (context: number) => 0x20_0000 + 0x1000 * context;
const claim = (context: number) => threshold(context) + 4;
const MACHINE_1 = 2;
const SUPERVISOR_0 = 1;
const SUPERVISOR_1 = 3;

let machine: DeviceMemory;
let plic: Plic;

beforeEach(() => {
  machine = new DeviceMemory(plicState.size);
  plic = new Plic(machine.host, machine.at, machine.lines);
});

const read = (offset: number) => Number(plic.load(offset, 4));
const write = (offset: number, value: number) => expect(plic.store(offset, 4, BigInt(value))).toBe(true);
const set = (source: number, priority: number, ...contexts: number[]) => {
  write(4 * source, priority);
  for (const context of contexts)
    write(enable(context, source >> 5), read(enable(context, source >> 5)) | (1 << (source & 31)));
};

describe('a request', () => {
  it('interrupts the contexts that have enabled it, machine mode and supervisor mode apart', () => {
    set(10, 1, MACHINE_1, SUPERVISOR_0);
    plic.request(10);
    expect(machine.interrupted(Interrupt.MachineExternal)).toEqual([1]);
    expect(machine.interrupted(Interrupt.SupervisorExternal)).toEqual([0]);
    expect(read(PENDING)).toBe(1 << 10);
  });

  it('waits for whoever enables it later', () => {
    plic.request(40);
    expect(machine.interrupted(Interrupt.SupervisorExternal)).toEqual([]);
    set(40, 1, SUPERVISOR_1);
    expect(machine.interrupted(Interrupt.SupervisorExternal)).toEqual([1]);
  });

  it('does not interrupt at priority 0, nor at the threshold', () => {
    set(10, 0, SUPERVISOR_0);
    plic.request(10);
    expect(machine.interrupted(Interrupt.SupervisorExternal)).toEqual([]);
    write(4 * 10, 3);
    expect(machine.interrupted(Interrupt.SupervisorExternal)).toEqual([0]);
    write(threshold(SUPERVISOR_0), 3);
    expect(machine.interrupted(Interrupt.SupervisorExternal)).toEqual([]);
    write(threshold(SUPERVISOR_0), 2);
    expect(machine.interrupted(Interrupt.SupervisorExternal)).toEqual([0]);
  });
});

describe('a claim', () => {
  it('gives the highest priority, then the lowest number, once to whoever comes first', () => {
    for (const [source, priority] of [
      [3, 1],
      [10, 2],
      [70, 2],
    ] as const) {
      set(source, priority, SUPERVISOR_0, SUPERVISOR_1);
      plic.request(source);
    }
    expect(read(claim(SUPERVISOR_1))).toBe(10);
    expect(read(claim(SUPERVISOR_0))).toBe(70);
    expect(read(claim(SUPERVISOR_0))).toBe(3);
    expect(read(claim(SUPERVISOR_0))).toBe(0);
    expect(machine.interrupted(Interrupt.SupervisorExternal)).toEqual([]);
  });

  it('gives what is enabled, whatever the threshold', () => {
    set(10, 1, SUPERVISOR_0);
    write(threshold(SUPERVISOR_0), 7);
    plic.request(10);
    expect(read(claim(MACHINE_1))).toBe(0);
    expect(read(claim(SUPERVISOR_0))).toBe(10);
  });

  it('holds the next request of the source back until it is completed', () => {
    set(10, 1, SUPERVISOR_0);
    plic.request(10);
    read(claim(SUPERVISOR_0));
    plic.request(10);
    plic.request(10);
    expect(machine.interrupted(Interrupt.SupervisorExternal)).toEqual([]);
    expect(read(claim(SUPERVISOR_0))).toBe(0);
    write(claim(SUPERVISOR_0), 10);
    expect(machine.interrupted(Interrupt.SupervisorExternal)).toEqual([0]);
    expect(read(claim(SUPERVISOR_0))).toBe(10);
    write(claim(SUPERVISOR_0), 10);
    expect(read(claim(SUPERVISOR_0))).toBe(0);
  });

  it('is not completed by a context that has not enabled the source', () => {
    set(10, 1, SUPERVISOR_0);
    plic.request(10);
    read(claim(SUPERVISOR_0));
    plic.request(10);
    write(claim(SUPERVISOR_1), 10);
    expect(read(claim(SUPERVISOR_0))).toBe(0);
  });
});

describe('registers', () => {
  it('keep what is legal', () => {
    write(4 * 5, 0xffff_ffff);
    write(0, 7);
    write(enable(1), 0xffff_ffff);
    write(threshold(1), 0xffff_ffff);
    write(PENDING, 0xffff_ffff);
    expect([4 * 5, 0, enable(1), threshold(1), PENDING].map(read)).toEqual([7, 0, 0xffff_fffe, 7, 0]);
  });

  it('are words, of sources and contexts that are there', () => {
    expect(plic.load(4, 8)).toBeUndefined();
    for (const offset of [4 * 96, enable(4), enable(0, 3), threshold(4), threshold(0) + 8])
      expect(plic.load(offset, 4), `${offset}`).toBeUndefined();
  });
});
