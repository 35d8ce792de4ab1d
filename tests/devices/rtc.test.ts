import { expect, it } from 'vitest';
import { Rtc, rtcState } from '../../src/devices/rtc.js';
import { DeviceMemory } from '../support/device-memory.js';

it('tells the time in two halves, the upper as it was with the lower', () => {
  const machine = new DeviceMemory(rtcState.size);
  let now = 0x1234_5678_ffff_ffffn;
  const rtc = new Rtc(machine.host, machine.at, () => now);
  expect(rtc.load(0, 4)).toBe(0xffff_ffffn);
  now += 1n;
  expect(rtc.load(4, 4)).toBe(0x1234_5678n);
  expect(rtc.load(0, 4)).toBe(0n);
  expect(rtc.load(4, 4)).toBe(0x1234_5679n);
});

it('has other registers, which are zero, and nothing beyond them', () => {
  const machine = new DeviceMemory(rtcState.size);
  const rtc = new Rtc(machine.host, machine.at, () => 1n);
  expect([rtc.load(0x18, 4), rtc.store(0x10, 4, 1n), rtc.load(0x10, 4)]).toEqual([0n, true, 0n]);
  expect([rtc.load(0x20, 4), rtc.store(0x20, 4, 1n), rtc.load(0, 8)]).toEqual([undefined, false, undefined]);
});
