import { describe, expect, it } from 'vitest';
import { SharedClock } from '../../src/machine/shared-clock.js';
import { CLOCK_STEP_MS } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';

function clocks() {
  const memory = SharedMemory.create({ harts: 1, memory: 2 });
  const time = { host: 1234.5 };
  const clock = () => new SharedClock(SharedMemory.attach(memory.handle), () => time.host);
  return { time, one: clock(), other: clock() };
}

describe('the machine’s clock', () => {
  it('goes as the host’s does', () => {
    const { time, one } = clocks();
    expect(one.now()).toBe(1234.5);
    time.host = 2000;
    expect(one.now()).toBe(2000);
  });

  it('is ahead, on every thread, by what was skipped', () => {
    const { time, one, other } = clocks();
    one.skip(5 * CLOCK_STEP_MS);
    other.skip(CLOCK_STEP_MS);
    expect(one.now()).toBe(1234.5 + 6 * CLOCK_STEP_MS);
    time.host += 10;
    expect(other.now()).toBe(1244.5 + 6 * CLOCK_STEP_MS);
  });

  it('skips whole steps, rather more than less', () => {
    const { one } = clocks();
    one.skip(1);
    expect(one.now()).toBe(1234.5 + CLOCK_STEP_MS);
  });

  it('never goes back, however much is skipped', () => {
    const { one } = clocks();
    let before = one.now();
    for (let times = 0; times < 4; times++) {
      one.skip(0x7fff_ffff * CLOCK_STEP_MS);
      expect(one.now()).toBeGreaterThanOrEqual(before);
      before = one.now();
    }
  });
});
