import { describe, expect, it, vi } from 'vitest';
import { MachineControl } from '../../src/machine/machine-control.js';
import { controlBlock, hartBlock, StopRequest } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

const { stop, up, paused } = controlBlock.fields;

/** A machine whose harts the test plays. */
function machine(harts = 2) {
  const memory = SharedMemory.create({ harts, memory: 2 });
  const { host, map } = memory;
  return {
    control: new MachineControl(memory),
    request: () => stop.load(host, map.control),
    bell: (hart: number) => hartBlock.fields.doorbell.load(host, map.harts[hart]!.block),
    comeUp: () => {
      up.add(host, map.control, 1);
      host.unpark(up.at(map.control), 1);
    },
    stand: (by: 1 | -1) => {
      paused.add(host, map.control, by);
      host.unpark(paused.at(map.control), 1);
    },
  };
}

describe('a request to stop', () => {
  it('rings every hart', () => {
    const { control, request, bell } = machine(3);
    control.stop();
    expect(request()).toBe(StopRequest.Stop);
    expect([0, 1, 2].map(bell)).toEqual([1, 1, 1]);
    expect(control.stopping).toBe(true);
  });

  it('does not take an abort back', () => {
    const { control, request } = machine();
    control.abort();
    control.stop();
    expect(request()).toBe(StopRequest.Abort);
  });

  it('can still become an abort', () => {
    const { control, request } = machine();
    control.stop();
    control.abort();
    expect(request()).toBe(StopRequest.Abort);
  });
});

describe('whether all harts are up', () => {
  it('is known when the last has come', async () => {
    const { control, comeUp } = machine();
    comeUp();
    const up = control.allUp();
    comeUp();
    expect(await up).toBe(true);
  });

  it('is denied when the machine is stopped before, and not when it is stopped after', async () => {
    const early = machine(1);
    const waiting = early.control.allUp();
    early.control.stop();
    expect(await waiting).toBe(false);
    const late = machine(1);
    late.comeUp();
    late.control.stop();
    expect(await late.control.allUp()).toBe(true);
  });
});

describe('an audit of a machine that stands still', () => {
  it('waits for every hart, and lets them go on', async () => {
    const { control, comeUp, stand, request } = machine();
    comeUp();
    comeUp();
    const requests: number[] = [];
    const audit = control.whileStandingStill(() => requests.push(request()));
    expect(request()).toBe(StopRequest.Pause);
    stand(1);
    expect(requests).toEqual([]);
    stand(1);
    await vi.waitUntil(() => request() !== StopRequest.Pause, { timeout: 60_000, interval: 1 });
    expect(requests).toEqual([StopRequest.Pause]);
    stand(-1);
    stand(-1);
    expect(await audit).toBe(1);
    expect(request()).toBe(StopRequest.Run);
  });

  it('does not take place when the machine is stopped meanwhile', async () => {
    const { control, comeUp, stand } = machine();
    comeUp();
    comeUp();
    let audits = 0;
    const audit = control.whileStandingStill(() => audits++);
    stand(1);
    control.stop();
    expect(await audit).toBeUndefined();
    expect(audits).toBe(0);
  });

  it('does not take place before every hart is up', async () => {
    const { control, comeUp, request } = machine();
    comeUp();
    expect(await control.whileStandingStill(() => 1)).toBeUndefined();
    expect(request()).toBe(StopRequest.Run);
  });
});
