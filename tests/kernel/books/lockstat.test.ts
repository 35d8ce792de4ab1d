import { describe, expect, it } from 'vitest';
import type { LockFigures } from '../../../kernel/books/lockstat.js';
import { CALL_SITES } from '../../../kernel/books/lockstat-book.js';
import type { Spinlocks } from '../../../kernel/locks/spinlock.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { SharedMemory } from '../../../src/memory/shared-memory.js';
import { KernelMachine } from '../../support/kernel-machine.js';
import { LOCK, LOCKS, LockBench } from '../../support/lock-bench.js';

const EACH = { sampling: 1, callers: true };
const HARTS = 8;

/** Locks of harts that take turns on this thread, with a clock of the test's. */
class Turns {
  time = 1000;
  readonly locks: LockBench;

  constructor(choice = EACH) {
    const { ram } = SharedMemory.create({ harts: HARTS, memory: 8 });
    this.locks = new LockBench(ram, 'adaptive', HARTS, () => this.time).begin(choice);
  }

  /** The hart holds the lock for so long. */
  hold(spin: Spinlocks, ticks: number, lock = LOCK): void {
    spin.acquire(lock);
    this.time += ticks;
    spin.release(lock);
  }
}

describe('statistics of a lock', () => {
  it('tell which harts had it, how often it went to another, and how far', () => {
    const turns = new Turns();
    for (const hart of [0, 0, 5, 4, 4, 0]) turns.hold(turns.locks.hart(hart), 1);
    expect(turns.locks.statistics()).toMatchObject({
      acquisitions: 6,
      byHart: [3, 0, 0, 0, 2, 1, 0, 0],
      acqBounces: 3,
      distance: (5 + 1 + 4) / 3,
      contentions: 0,
      conBounces: 0,
      spins: 0,
      wait: null,
    });
  });

  it('tell how long it was held', () => {
    const turns = new Turns();
    const spin = turns.locks.hart(1);
    for (const ticks of [3, 100, 5, 5, 4000]) turns.hold(spin, ticks);
    const hold = turns.locks.statistics().hold!;
    expect(hold).toEqual({
      count: 5,
      min: 3,
      max: 4000,
      total: 4113,
      avg: 4113 / 5,
      p50: 5,
      p99: 4000,
      histogram: [
        { from: 3, to: 4, count: 1 },
        { from: 5, to: 6, count: 2 },
        { from: 96, to: 104, count: 1 },
        { from: 3840, to: 4096, count: 1 },
      ],
    });
  });

  it('have times written down when the lock is free again, so that nobody waits for that', () => {
    const turns = new Turns();
    const meter = turns.locks.meter(1);
    meter.contended(LOCK);
    turns.time += 7;
    meter.taken(LOCK, 3);
    turns.time += 5;
    meter.releasing(LOCK);
    expect(turns.locks.statistics()).toMatchObject({ contentions: 1, spins: 3, wait: null, hold: null });
    meter.released();
    expect(turns.locks.statistics()).toMatchObject({ wait: { count: 1, total: 7 }, hold: { count: 1, total: 5 } });
  });

  it('tell apart locks that are held at once and let go in any order', () => {
    const turns = new Turns();
    const spin = turns.locks.hart(0);
    const [first, second, third] = LOCKS as [number, number, number];
    spin.acquire(first);
    turns.time += 10;
    spin.acquire(second);
    turns.time += 20;
    spin.acquire(third);
    turns.time += 40;
    for (const lock of [first, third, second]) {
      spin.release(lock);
      turns.time += 100;
    }
    expect(turns.locks.statistics().hold).toMatchObject({ count: 1, total: 70 });
    expect(turns.locks.statistics('others').hold).toMatchObject({ count: 2, min: 140, max: 260 });
  });

  it('count what is held yet as taken, and time it when it is let go', () => {
    const turns = new Turns();
    turns.locks.hart(0).acquire(LOCK);
    expect(turns.locks.statistics()).toMatchObject({ acquisitions: 1, hold: null });
  });

  it('have no times and no call sites where only counts are kept', () => {
    const turns = new Turns({ sampling: 0, callers: false });
    for (let i = 0; i < 100; i++) turns.hold(turns.locks.hart(i % 2), 1);
    expect(turns.locks.statistics()).toMatchObject({ acquisitions: 100, acqBounces: 99, hold: null, callers: [] });
  });

  it('look closely at one acquisition in so many, on average, and no loop is in step with that', () => {
    const turns = new Turns({ sampling: 8, callers: false });
    const spin = turns.locks.hart(0);
    const rounds = 8000;
    // Every other acquisition holds for long.
    for (let i = 0; i < rounds; i++) turns.hold(spin, i % 2 === 0 ? 1 : 1001);
    const { acquisitions, hold } = turns.locks.statistics();
    expect(acquisitions).toBe(rounds);
    expect(hold!.count / (rounds / 8)).toBeCloseTo(1, 0);
    expect(hold!.avg / 501).toBeCloseTo(1, 0);
    expect(hold!.histogram.map(({ from }) => from)).toEqual([1, 960]);
  });

  it('refuse a lock that the kernel does not know', () => {
    const turns = new Turns();
    expect(() => turns.locks.hart(0).acquire(LOCKS.at(-1)! + 64)).toThrow(/is not in the kernel's table of locks$/);
  });
});

describe('call sites', () => {
  class Allocator {
    constructor(
      private readonly turns: Turns,
      private readonly spin: Spinlocks,
    ) {}
    kalloc(): void {
      this.turns.hold(this.spin, 7);
    }
    kfree(): void {
      const enter = () => this.spin.acquire(LOCK);
      enter();
      this.turns.time += 3;
      this.spin.release(LOCK);
    }
  }
  const named = (rows: readonly LockFigures[], name: string) => rows.find((row) => row.name === name);

  it('are the methods that take the lock, and together they are the lock’s', () => {
    const turns = new Turns();
    const allocators = [0, 1].map((hart) => new Allocator(turns, turns.locks.hart(hart)));
    for (const allocator of allocators) for (let i = 0; i < 4; i++) allocator.kfree();
    allocators[0]!.kalloc();
    const { callers, acquisitions, hold } = turns.locks.statistics();
    // `Turns.hold` is what takes the lock for kalloc.
    expect(callers.map(({ name }) => name)).toEqual(['Allocator.kfree', 'Turns.hold']);
    expect(named(callers, 'Allocator.kfree')).toMatchObject({ acquisitions: 8, acqBounces: 1, hold: { total: 24 } });
    expect(named(callers, 'Turns.hold')).toMatchObject({ acquisitions: 1, acqBounces: 1, hold: { total: 7 } });
    expect(callers.reduce((sum, row) => sum + row.acquisitions, 0)).toBe(acquisitions);
    expect(callers.reduce((sum, row) => sum + row.hold!.total, 0)).toBe(hold!.total);
  });

  it('are summed up once there are more than there is room for', () => {
    const turns = new Turns();
    const spin = turns.locks.hart(0);
    const beyond = 3;
    for (let i = 0; i < CALL_SITES + beyond; i++) {
      class Site {
        [`number${i}`](): void {
          spin.acquire(LOCK);
        }
      }
      (new Site() as unknown as Record<string, () => void>)[`number${i}`]!();
      spin.release(LOCK);
    }
    const { callers } = turns.locks.statistics();
    expect(callers).toHaveLength(CALL_SITES + 1);
    expect(named(callers, 'Site.number0')?.acquisitions).toBe(1);
    expect(named(callers, 'elsewhere')?.acquisitions).toBe(beyond);
  });
});

describe('the kernel', () => {
  it('has every lock that it takes in the table, pipes too, and lets each go as often as it takes it', () => {
    const machine = KernelMachine.booted({ lockstat: EACH });
    machine.result(0, Sys.fork);
    machine.result(0, Sys.pipe, 0x1000);
    machine.result(0, Sys.close, 3);
    const { locks } = machine.lockstat();
    const used = locks.filter(({ acquisitions }) => acquisitions > 0);
    expect(used.map(({ name }) => name)).toEqual(expect.arrayContaining(['kmem', 'proc', 'pgMap', 'pipe']));
    for (const { acquisitions, hold } of used) expect(hold?.count).toBe(acquisitions);
    const callers = (name: string) => locks.find((lock) => lock.name === name)!.callers.map((row) => row.name);
    expect(callers('kmem').sort()).toEqual(['OneFreeList.putOn', 'OneFreeList.takeFrom']);
    expect(callers('pipe')).toEqual(['Pipes.close']);
  });

  it('knows closures for what they are: the method that enters by one took the lock', () => {
    const machine = KernelMachine.booted({ design: 'core-map', lockstat: EACH });
    machine.result(0, Sys.fork);
    const { callers } = machine.lockstat().locks.find(({ name }) => name === 'core_map')!;
    expect(callers.length).toBeGreaterThan(0);
    for (const { name } of callers) expect(name).toMatch(/^[A-Z]\w+\.(?!enter$)\w+$/);
  });
});
