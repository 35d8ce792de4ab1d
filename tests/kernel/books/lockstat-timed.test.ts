import { afterAll, describe, expect, it } from 'vitest';
import type { Lockstat } from '../../../kernel/books/lockstat.js';
import { lockFamilies } from '../../../kernel/locks/families.js';
import { KernelEvent } from '../../../src/memory/access.js';
import { RunEnd } from '../../../src/schedule/schedule-block.js';
import { isLongForm, sampled } from '../../support/long-form.js';
import { TimedKernel } from '../../support/timed-kernel.js';

const EACH = { sampling: 1, callers: true };
const machines: TimedKernel[] = [];
afterAll(async () => {
  for (const machine of machines) await machine.close();
});

function timed(scenario: string, lock?: string, lockstat = EACH): TimedKernel {
  const machine = new TimedKernel({ scenario, lock }, lockstat);
  machines.push(machine);
  return machine;
}

const row = ({ locks }: Lockstat, name: string) => locks.find((lock) => lock.name === name)!;

describe('a run of the kernel in virtual time', () => {
  const machine = timed('fork-write');
  const first = machine.run();

  it.runIf(isLongForm)('has the same statistics, to the digit, when it is run again, and on another machine', () => {
    expect(first.end).toBe(RunEnd.Done);
    expect(machine.run().lockstat).toEqual(first.lockstat);
    expect(timed('fork-write').run().lockstat).toEqual(first.lockstat);
  });

  it('counts what the trace tells, lock by lock and hart by hart', () => {
    const { lockstat } = machine.run();
    const told = new Map<string, number[]>();
    machine.trace().show(({ note, address, hart }) => {
      if (note !== KernelEvent.LockAcquired) return;
      const name = machine.nameOf(address);
      const byHart = told.get(name) ?? lockstat.locks[0]!.byHart.map(() => 0);
      byHart[hart]!++;
      told.set(name, byHart);
    }, false);
    const used = lockstat.locks.filter(({ acquisitions }) => acquisitions > 0);
    expect(new Map(used.map(({ name, byHart }) => [name, byHart]))).toEqual(told);
    for (const { acquisitions, byHart } of used) expect(byHart.reduce((sum, some) => sum + some, 0)).toBe(acquisitions);
  });

  it('times each acquisition and each contention, and asks each for its call site', () => {
    for (const { acquisitions, contentions, conBounces, acqBounces, hold, wait, callers } of first.lockstat.locks) {
      expect(hold?.count ?? 0).toBe(acquisitions);
      expect(wait?.count ?? 0).toBe(contentions);
      expect(conBounces).toBe(contentions);
      expect(acqBounces).toBeLessThanOrEqual(acquisitions);
      for (const of of ['acquisitions', 'contentions', 'acqBounces', 'conBounces'] as const)
        expect(callers.reduce((sum, site) => sum + site[of], 0)).toBe(
          { acquisitions, contentions, acqBounces, conBounces }[of],
        );
      for (const time of [hold, wait])
        if (time !== null) {
          const { count, min, avg, p50, p99, max, histogram } = time;
          expect(histogram.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(count);
          expect([min, p50, p99, max].toSorted((a, b) => a - b)).toEqual([min, p50, p99, max]);
          expect(avg).toBeGreaterThanOrEqual(min);
          expect(avg).toBeLessThanOrEqual(max);
        }
    }
  });

  it('has the free list take its own lock, and nobody else', () => {
    const { callers } = row(first.lockstat, 'kmem');
    expect(callers.map(({ name }) => name).sort()).toEqual(['OneFreeList.putOn', 'OneFreeList.takeFrom']);
  });

  it.runIf(isLongForm)('takes as long with statistics as without', () => {
    const without = timed('fork-write', undefined, { sampling: 0, callers: false });
    const counted = without.run();
    expect(counted.points).toBe(first.points);
    expect(row(counted.lockstat, 'kmem')).toMatchObject({ hold: null, wait: null, callers: [] });
    const counts = ({ locks }: Lockstat) => locks.map(({ wait, hold, callers, ...rest }) => rest);
    expect(counts(counted.lockstat)).toEqual(counts(first.lockstat));
  });
});

describe.each(sampled(lockFamilies, 6).map(({ name }) => name))('%s', (lock) => {
  it('says when a hart finds the lock taken, once for each time, and is the same in every run', () => {
    const machine = timed('three-at-a-lock', lock);
    const { lockstat, end } = machine.run();
    expect(machine.run().lockstat).toEqual(lockstat);
    const { acquisitions, contentions, wait, spins } = row(lockstat, 'nextpid');
    expect(end).toBe(RunEnd.Done);
    expect(contentions).toBeGreaterThan(0);
    expect(contentions).toBeLessThan(acquisitions);
    expect(wait?.count).toBe(contentions);
    expect(spins).toBeGreaterThanOrEqual(contentions);
  });
});
