import { describe, expect, it } from 'vitest';
import { KERNBASE } from '../../src/memory/map.js';
import { SharedMemory } from '../../src/memory/shared-memory.js';
import { LINE_SIZE } from '../../src/schedule/coherence.js';
import { HartTurns } from '../../src/schedule/hart-turns.js';
import { controlledConfig, HartState, scheduleBlock, scheduleMap } from '../../src/schedule/schedule-block.js';
import { VirtualTime } from '../../src/schedule/virtual-time.js';

const costs = {
  ...{ hit: 1, share: 10, transfer: 100, upgrade: 1000, memory: 10_000, atomic: 100_000, overlap: 1 },
  ...{ park: 7, unpark: 50, wake: 500 },
};
const WORD = KERNBASE;
const BESIDE = WORD + 4;

/** The clocks of harts that have no threads: the test does what they do. */
class Clocks {
  private readonly memory: SharedMemory;
  private readonly harts: HartTurns;
  readonly time: VirtualTime;

  constructor(count: number, seed = 1) {
    this.memory = SharedMemory.create(controlledConfig(count, 2, 0, 64));
    const map = scheduleMap(this.memory);
    scheduleBlock.fields.hartCount.store(this.memory.host, map.block, count);
    scheduleBlock.fields.policySeed.store(this.memory.host, map.block, seed);
    this.harts = new HartTurns(this.memory, map);
    this.time = new VirtualTime(this.memory.host, map);
    this.time.begin(costs);
  }

  write(hart: number, address: number, value: number): void {
    this.time.access(hart, address, 4, 'write', this.harts);
    this.memory.ram.store32(address, value);
  }
  read(hart: number, address: number): void {
    this.time.access(hart, address, 4, 'read', this.harts);
  }
  wait(hart: number, sleeps = false, value = 0): void {
    const words = [{ address: WORD, value }];
    this.harts.block(hart, 'ram', words, true);
    this.time.waits(hart, words, sleeps);
  }
  goesOn(hart: number): void {
    this.harts.setState(hart, HartState.Ready);
  }
  finish(hart: number): void {
    this.harts.setState(hart, HartState.Finished);
    this.time.finish(hart);
  }
  unpark(hart: number, count: number): void {
    this.time.unpark(hart, WORD, count, this.harts);
  }
  next(): number | undefined {
    return this.time.next(this.harts);
  }
}

describe('in virtual time', () => {
  it('the hart with the lowest clock goes on, and the lowest hart of those', () => {
    const clocks = new Clocks(3);
    expect(clocks.next()).toBe(0);
    clocks.time.work(0, 5);
    expect(clocks.next()).toBe(1);
    clocks.time.work(1, 5);
    clocks.time.work(2, 6);
    expect(clocks.next()).toBe(0);
    clocks.finish(0);
    expect(clocks.next()).toBe(1);
  });

  it('clocks go on beyond 32 bits', () => {
    const clocks = new Clocks(2);
    clocks.time.work(0, 2 ** 33 + 1);
    clocks.time.work(1, 2 ** 33);
    expect(clocks.next()).toBe(1);
    clocks.time.work(1, 2);
    expect(clocks.next()).toBe(0);
    expect(clocks.time.now(1)).toBe(2 ** 33 + 2);
  });

  it('a hart that spins goes on after the write that changes its word, once its load has brought the line', () => {
    const clocks = new Clocks(2);
    clocks.wait(1);
    clocks.time.work(0, 20_000);
    // Its first look brings the line from memory; then it has nothing to do.
    expect(clocks.next()).toBe(0);
    expect(clocks.time.now(1)).toBe(10_000);
    clocks.write(0, WORD, 1);
    // The line was the spinner's alone: it moves to the writer until 20,100, and back.
    expect(clocks.time.now(0)).toBe(20_100);
    clocks.time.work(0, 1000);
    expect(clocks.next()).toBe(1);
    expect(clocks.time.now(1)).toBe(20_200);
  });

  it('a hart that spins loads the line again after a write beside its word, and spins on', () => {
    const clocks = new Clocks(2);
    clocks.wait(1);
    clocks.time.work(0, 20_000);
    clocks.next();
    clocks.write(0, BESIDE, 1);
    expect(clocks.next()).toBe(0);
    clocks.time.work(0, 1000);
    expect(clocks.next()).toBe(0);
    expect(clocks.time.now(1)).toBe(20_200);
    // The line is shared by now.
    clocks.read(0, BESIDE);
    expect(clocks.time.now(0)).toBe(21_101);
  });

  it('a write to another line disturbs nobody who spins', () => {
    const clocks = new Clocks(2);
    clocks.wait(1);
    clocks.time.work(0, 20_000);
    clocks.next();
    clocks.write(0, WORD + LINE_SIZE, 1);
    expect(clocks.next()).toBe(0);
    expect(clocks.time.now(1)).toBe(10_000);
  });

  it('whoever spins on one word loads it one after the other when it changes, in an order that the seed says', () => {
    const orders = [1, 2, 3, 4, 5, 6, 7, 8, 1].map((seed) => {
      const clocks = new Clocks(4, seed);
      for (const hart of [1, 2, 3]) clocks.wait(hart);
      clocks.time.work(0, 20_000);
      expect(clocks.next()).toBe(0);
      clocks.write(0, WORD, 1);
      expect(clocks.time.now(0)).toBe(21_000);
      clocks.time.work(0, 9000);
      const first = clocks.next()!;
      const times = [1, 2, 3].map((hart) => clocks.time.now(hart));
      expect(times[first - 1]).toBe(21_100);
      expect(times.toSorted((a, b) => a - b)).toEqual([21_100, 21_110, 21_120]);
      return first;
    });
    expect(orders[8]).toBe(orders[0]);
    expect(new Set(orders).size).toBeGreaterThan(1);
  });

  it('a parked hart sleeps through a change, until it is woken; the longest asleep first', () => {
    const clocks = new Clocks(3);
    clocks.wait(2, true);
    clocks.time.work(1, 30_000);
    clocks.time.work(0, 40_000);
    clocks.next();
    clocks.wait(1, true);
    expect(clocks.next()).toBe(0);
    clocks.write(0, WORD, 1);
    expect(clocks.next()).toBe(0);
    const now = clocks.time.now(0);
    clocks.unpark(0, 1);
    expect(clocks.time.now(0)).toBe(now + costs.unpark);
    clocks.finish(0);
    expect(clocks.next()).toBe(2);
    expect(clocks.time.now(2)).toBe(now + costs.unpark + costs.wake);
    clocks.goesOn(2);
    clocks.time.work(2, 1_000_000);
    // Hart 1 is still asleep.
    expect(clocks.next()).toBe(2);
    const later = clocks.time.now(2);
    clocks.unpark(2, 1);
    expect(clocks.time.now(2)).toBe(later + costs.unpark);
    // To wake nobody takes no time.
    clocks.unpark(2, 1);
    expect(clocks.time.now(2)).toBe(later + costs.unpark);
  });

  it('a hart does not go to sleep when its word has changed before it looks', () => {
    const clocks = new Clocks(2);
    clocks.write(0, WORD, 1);
    clocks.time.work(0, 1000);
    clocks.wait(1, true);
    expect(clocks.next()).toBe(1);
    expect(clocks.time.now(1)).toBe(10_000 + costs.transfer);
  });

  it('a hart that nobody wakes finds out when nobody else has anything to do', () => {
    const clocks = new Clocks(2);
    clocks.wait(1, true);
    clocks.time.work(0, 20_000);
    clocks.next();
    clocks.write(0, WORD, 1);
    clocks.finish(0);
    expect(clocks.next()).toBe(1);
    expect(clocks.time.now(1)).toBe(20_100 + costs.wake);
  });

  it('nobody goes on when all wait for what does not come', () => {
    const clocks = new Clocks(2);
    clocks.wait(0);
    clocks.wait(1, true);
    expect(clocks.next()).toBeUndefined();
  });
});

it('a machine without room for lines keeps no virtual time', () => {
  const memory = SharedMemory.create(controlledConfig(2, 2, 0));
  expect(() => new VirtualTime(memory.host, scheduleMap(memory))).toThrow('keeps no virtual time');
});
