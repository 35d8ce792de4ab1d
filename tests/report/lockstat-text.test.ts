import { describe, expect, it } from 'vitest';
import { type LockstatFigures, type LockstatRow, lockstatText } from '../../src/report/lockstat-text.js';
import { PLAIN_PAGE } from '../../src/report/page.js';

const times = (count: number, total: number) => ({
  ...{ count, total, min: 100, max: 250_000, avg: total / count, p50: 1100, p99: 90_000 },
});

function lock(name: string, counts: Partial<LockstatRow>, callers: readonly LockstatRow[] = []) {
  const none = { contentions: 0, acqBounces: 0, conBounces: 0, spins: 0, distance: null, wait: null, hold: null };
  return { name, acquisitions: 0, ...none, ...counts, callers };
}

function stat(rest: Partial<LockstatFigures> = {}): LockstatFigures {
  const hold = times(10, 12_000);
  const kalloc = lock('Kalloc.kalloc', {
    acquisitions: 6,
    contentions: 2,
    acqBounces: 3,
    spins: 40,
    hold: times(6, 6000),
  });
  const kfree = lock('Kalloc.kfree', { acquisitions: 4, hold: times(4, 6000) });
  const wait = times(50, 500_000);
  const busy = { acquisitions: 6400, contentions: 50, acqBounces: 300, conBounces: 50, spins: 9000, distance: 1.25 };
  return {
    unit: 'ns',
    sampling: 64,
    locks: [
      lock('time', { acquisitions: 3 }),
      lock('cons', {}),
      lock('kmem', { ...busy, wait, hold }, rest.sampling === undefined ? [] : [kalloc, kfree]),
      lock('proc', { acquisitions: 7000, acqBounces: 1, distance: 1 }),
    ],
    ...rest,
  };
}

const wide = { ...PLAIN_PAGE, width: 200 };
/** Cells of the rows of a name, one row from each table. */
const cells = (text: string, name: string) =>
  text.split('\n').flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length).trim().split(/ +/)] : []));

describe('the tables of locks', () => {
  it('have the columns of Linux’s lock_stat by their names', () => {
    const heads = lockstatText(stat(), wide)
      .split('\n')
      .flatMap((line) => (line.startsWith('class name') ? line.slice('class name'.length).trim().split(/ +/) : []));
    expect(heads).toEqual(
      expect.arrayContaining([
        ...['con-bounces', 'contentions', 'waittime-min', 'waittime-max', 'waittime-total', 'waittime-avg'],
        ...['acq-bounces', 'acquisitions', 'holdtime-min', 'holdtime-max', 'holdtime-total', 'holdtime-avg'],
      ]),
    );
  });

  it('show counts and, in microseconds, times; a total of sampled times is an estimate', () => {
    expect(cells(lockstatText(stat(), wide), 'kmem')).toEqual([
      ['50', '50', '300', '6,400', '9,000', '1.3'],
      ['0.10', '250.00', '500.00', '10.00', '1.10', '90.00'],
      // 10 of 6400 acquisitions held for 12 µs together.
      ['0.10', '250.00', '~7,680.00', '1.20', '1.10', '90.00'],
    ]);
  });

  it('begin with most contentions, then most acquisitions, and leave out what was never taken', () => {
    const names = lockstatText(stat(), wide)
      .split('\n\n')[0]!
      .split('\n')
      .slice(2)
      .map((line) => line.split(' ')[0]);
    expect(names).toEqual(['kmem', 'proc', 'time']);
  });

  it('show call sites beneath their lock, scaled up to all its acquisitions where they were sampled', () => {
    const text = lockstatText(stat({ sampling: 64 }), wide);
    expect(cells(text, '  Kalloc.kalloc')[0]).toEqual(['~0', '~1,280', '~1,920', '~3,840', '~25,600', '-']);
    // 6 µs in 6 acquisitions, of 3840.
    expect(cells(text, '  Kalloc.kalloc')[2]).toEqual(['0.10', '250.00', '~3,840.00', '1.00', '1.10', '90.00']);
    expect(text).toMatch(/^kmem.*\n {2}Kalloc\.kalloc.*\n {2}Kalloc\.kfree.*\nproc/m);
  });

  it('are in cycles, complete and without estimates, in virtual time', () => {
    const complete = stat({ unit: 'cycles', sampling: 1 });
    const kmem = complete.locks.find(({ name }) => name === 'kmem')!;
    const text = lockstatText({ ...complete, locks: [{ ...kmem, acquisitions: 10, hold: times(10, 12_000) }] }, wide);
    expect(cells(text, 'kmem')[2]).toEqual(['100', '250,000', '12,000', '1,200', '1,100', '90,000']);
    expect(text).not.toContain('~');
    expect(text.replaceAll('\n', ' ')).toContain('holdtime: of every acquisition.');
  });

  it('say what was measured and what was sampled', () => {
    const text = lockstatText(stat({ sampling: 64 }), wide).replaceAll('\n', ' ');
    expect(text).toContain('Times in µs.');
    expect(text).toContain('waittime: of every contention');
    expect(text).toContain('holdtime: of 1 in 64 acquisitions, chosen at random; ~: the total of all, estimated');
    expect(text).toContain('the functions that took it, by those 1 in 64; ~: estimated from them.');
  });

  it('have the name of a group above short heads on a narrow page', () => {
    const text = lockstatText(stat(), { ...PLAIN_PAGE, width: 80 });
    expect(text).toMatch(/^ +waittime\nclass name +min +max +total +avg +p50 +p99$/m);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('say so when no lock was taken', () => {
    expect(lockstatText(stat({ locks: [lock('kmem', {})] }), wide)).toBe('lockstat: no lock was taken');
  });
});
