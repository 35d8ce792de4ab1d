import { beforeEach, expect, it } from 'vitest';
import { requestStop } from '../../src/hart/stop-request.js';
import { OutputRing, outputRing } from '../../src/machine/output-ring.js';
import { MachineAborted } from '../../src/memory/access.js';
import { StopRequest } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

const SIZE = 65536;
let memory: SharedMemory;
let ring: OutputRing;
beforeEach(() => {
  memory = SharedMemory.create({ harts: 1, memory: 2, devices: outputRing.size });
  ring = new OutputRing(memory, memory.map.devices);
});

it('brings what was put in, in order, also around its end', () => {
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 40_000; i++) ring.put((round + i) & 0xff);
    const taken = ring.takeNow();
    expect(taken.length).toBe(40_000);
    expect(taken.every((byte, i) => byte === ((round + i) & 0xff))).toBe(true);
  }
  expect(ring.takeNow().length).toBe(0);
});

it('has whoever takes wait until something comes, or until it is released', async () => {
  const taking = ring.take();
  ring.put(7);
  expect([...(await taking)]).toEqual([7]);
  const nothing = ring.take();
  ring.release();
  expect((await nothing).length).toBe(0);
});

it('when it is full holds whoever puts back, but not on a machine that was aborted', () => {
  for (let i = 0; i < SIZE; i++) ring.put(1);
  requestStop(memory, StopRequest.Abort);
  expect(() => ring.put(2)).toThrow(MachineAborted);
  expect(ring.takeNow().length).toBe(SIZE);
});
