import { describe, expect, it } from 'vitest';
import { KernelPanic } from '../../../kernel/kernel-panic.js';
import { Spinlocks, spinlock } from '../../../kernel/locks/spinlock.js';
import { KernelEvent } from '../../../src/memory/access.js';
import { KERNBASE } from '../../../src/memory/map.js';
import { SharedMemory } from '../../../src/memory/shared-memory.js';
import { HartThreads } from '../../support/threads.js';

const LOCK = KERNBASE;
const COUNTER = KERNBASE + 256;

describe('spinlock', () => {
  it('panics when its holder takes it again', () => {
    const { ram } = SharedMemory.create({ harts: 2, memory: 2 });
    const spin = new Spinlocks(ram, 0);
    spin.acquire(LOCK);
    expect(() => spin.acquire(LOCK)).toThrow(new KernelPanic('acquire'));
  });

  it('panics when somebody who does not hold it lets it go', () => {
    const { ram } = SharedMemory.create({ harts: 2, memory: 2 });
    const [mine, other] = [new Spinlocks(ram, 0), new Spinlocks(ram, 1)];
    expect(() => mine.release(LOCK)).toThrow(new KernelPanic('release'));
    mine.acquire(LOCK);
    expect(() => other.release(LOCK)).toThrow(new KernelPanic('release'));
    mine.release(LOCK);
    expect(mine.held).toBe(0);
  });

  it('tells that it is wanted while it is free yet, and that it is let go while it is held', () => {
    const { ram } = SharedMemory.create({ harts: 2, memory: 2 });
    const told: { event: KernelEvent; lock: number; word: number }[] = [];
    ram.note = (event, lock) => told.push({ event, lock, word: spinlock.fields.locked.load(ram, lock) });
    const spin = new Spinlocks(ram, 0);
    spin.acquire(LOCK);
    spin.release(LOCK);
    expect(told).toEqual([
      { event: KernelEvent.LockWanted, lock: LOCK, word: 0 },
      { event: KernelEvent.LockAcquired, lock: LOCK, word: 1 },
      { event: KernelEvent.LockReleased, lock: LOCK, word: 1 },
    ]);
  });

  it('lets one hart in at a time: no increment of eight harts is lost, and every acquisition is counted', async () => {
    const memory = SharedMemory.create({ harts: 8, memory: 2 });
    const rounds = 5000;
    const harts = 8;
    const threads = new HartThreads(new URL('./increment-under-lock.js', import.meta.url), harts);
    await threads.run(memory, { lock: LOCK, counter: COUNTER, rounds });
    await threads.close();
    expect(memory.ram.load32(COUNTER)).toBe(harts * rounds);
    expect(spinlock.fields.acquisitions.load(memory.ram, LOCK)).toBe(harts * rounds);
    expect(spinlock.fields.locked.load(memory.ram, LOCK)).toBe(0);
    expect(spinlock.fields.contended.load(memory.ram, LOCK)).toBeGreaterThan(0);
  });
});
