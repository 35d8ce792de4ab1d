import { afterAll, describe, expect, it } from 'vitest';
import { KernelPanic } from '../../../kernel/kernel-panic.js';
import { lockFamilies } from '../../../kernel/locks/families.js';
import { spinlock } from '../../../kernel/locks/spinlock.js';
import { CACHE_LINE } from '../../../kernel/params.js';
import { KernelEvent, MachineAborted } from '../../../src/memory/access.js';
import { controlBlock, StopRequest } from '../../../src/memory/map.js';
import { SharedMemory } from '../../../src/memory/shared-memory.js';
import { COUNTER, LOCK, LOCKS, LockBench } from '../../support/lock-bench.js';
import { isLongForm } from '../../support/long-form.js';
import { HartThreads } from '../../support/threads.js';

const [HARTS, MANY_HARTS] = [2, isLongForm ? 8 : 3];
/** Many waiters that have no core, and rounds enough for everybody to meet everybody. */
const ROUNDS = 2000;

const threads = new HartThreads(new URL('./increment-under-lock.js', import.meta.url), MANY_HARTS);
afterAll(() => threads.close());

it('a lock and its statistics fit on a cache line', () => {
  expect(spinlock.size).toBeLessThanOrEqual(CACHE_LINE);
});

describe.each(lockFamilies.map(({ name }) => name))('%s', (name) => {
  const bench = () => new LockBench(SharedMemory.create({ harts: HARTS, memory: 2 }).ram, name, HARTS);

  it('is taken and let go by one hart after the other, and counts that', () => {
    const locks = bench();
    const [mine, other] = [locks.hart(0), locks.hart(1)];
    for (const spin of [mine, other, other, mine]) {
      spin.acquire(LOCK);
      expect(spin.holding(LOCK)).toBe(true);
      spin.release(LOCK);
      expect(spin.holding(LOCK)).toBe(false);
    }
    const counted = { acquisitions: 4, contentions: 0, spins: 0, acqBounces: 2, conBounces: 0, byHart: [2, 2] };
    expect(locks.statistics()).toMatchObject(counted);
  });

  it('says which hart holds it', () => {
    const locks = bench();
    const other = locks.hart(1);
    expect(locks.holder(LOCK)).toBeUndefined();
    other.acquire(LOCK);
    expect(locks.holder(LOCK)).toBe(1);
    expect(locks.hart(0).holding(LOCK)).toBe(false);
    other.release(LOCK);
    expect(locks.holder(LOCK)).toBeUndefined();
  });

  it('panics when its holder takes it again', () => {
    const spin = bench().hart(0);
    spin.acquire(LOCK);
    expect(() => spin.acquire(LOCK)).toThrow(new KernelPanic('acquire'));
  });

  it('panics when somebody who does not hold it lets it go', () => {
    const locks = bench();
    const [mine, other] = [locks.hart(0), locks.hart(1)];
    expect(() => mine.release(LOCK)).toThrow(new KernelPanic('release'));
    mine.acquire(LOCK);
    expect(() => other.release(LOCK)).toThrow(new KernelPanic('release'));
    mine.release(LOCK);
    expect(() => mine.release(LOCK)).toThrow(new KernelPanic('release'));
  });

  it('tells that it is wanted while it is free yet, and that it is let go while it is held', () => {
    const { ram } = SharedMemory.create({ harts: HARTS, memory: 2 });
    const locks = new LockBench(ram, name, HARTS);
    const told: { event: KernelEvent; lock: number; holder: number | undefined }[] = [];
    ram.note = (event, lock) => told.push({ event, lock, holder: locks.holder(lock) });
    const spin = locks.hart(1);
    spin.acquire(LOCK);
    spin.release(LOCK);
    expect(told).toEqual([
      { event: KernelEvent.LockWanted, lock: LOCK, holder: undefined },
      { event: KernelEvent.LockAcquired, lock: LOCK, holder: 1 },
      { event: KernelEvent.LockReleased, lock: LOCK, holder: 1 },
    ]);
  });

  it('may be held with as many others as there are processes and a few, and let go in any order, again and again', () => {
    const locks = bench();
    const spin = locks.hart(0);
    for (const release of [LOCKS, LOCKS.toReversed()]) {
      for (const lock of LOCKS) spin.acquire(lock);
      expect(spin.held).toBe(LOCKS.length);
      for (const lock of release) {
        expect(locks.holder(lock)).toBe(0);
        spin.release(lock);
        expect(locks.holder(lock)).toBeUndefined();
      }
      expect(spin.held).toBe(0);
    }
  });

  it('waits no longer for a holder whose machine was aborted', () => {
    const { ram, host, map } = SharedMemory.create({ harts: HARTS, memory: 2 });
    const locks = new LockBench(ram, name, HARTS);
    locks.hart(0).acquire(LOCK);
    controlBlock.fields.stop.store(host, map.control, StopRequest.Abort);
    expect(() => locks.hart(1).acquire(LOCK)).toThrow(MachineAborted);
  });

  it.each([HARTS, MANY_HARTS])(
    'lets one of %i harts in at a time: no increment is lost, and every acquisition is counted',
    async (harts) => {
      const memory = SharedMemory.create({ harts, memory: 2 });
      const locks = new LockBench(memory.ram, name, harts);
      await threads.run(memory, { family: name, rounds: ROUNDS });
      expect(memory.ram.load32(COUNTER)).toBe(harts * ROUNDS);
      const { acquisitions, contentions, spins, acqBounces, conBounces, byHart } = locks.statistics();
      expect(acquisitions).toBe(harts * ROUNDS);
      expect(byHart).toEqual(Array.from({ length: harts }, () => ROUNDS));
      expect(spins).toBeGreaterThanOrEqual(contentions);
      // Who finds it taken gets it from another hart.
      expect(conBounces).toBe(contentions);
      expect(acqBounces).toBeGreaterThanOrEqual(conBounces);
      expect(locks.holder(LOCK)).toBeUndefined();
    },
  );
});
