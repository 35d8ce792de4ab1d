import { describe, expect, it } from 'vitest';
import { fenceSetBits } from '../../src/isa/ordering.js';
import { KERNBASE, PGSIZE } from '../../src/memory/map.js';
import { Op, Order, type TraceEvent } from '../../src/memory/trace-event.js';
import { HappensBefore } from '../../src/races/happens-before.js';
import { findingsOf } from '../support/observe-toy.js';
import { access, fence as fenceOf, guestAtomic, load, store, watch } from '../support/trace-events.js';

const LOCK = KERNBASE + 0x100;
const FLAG = KERNBASE + 0x200;
const RELAY = KERNBASE + 0x300;
const DATA = KERNBASE + 0x400;
const { Relaxed, Acquire, Release } = Order;
const AQRL = Acquire | Release;

const made = () =>
  new HappensBefore({
    harts: 3,
    ramSize: 1 << 20,
    describe: (address) => `0x${address.toString(16)}`,
    allocatorLocks: [],
    guardOf: () => undefined,
    atStart: { mappedBy: new Map(), free: new Set() },
    pidsAtStart: [],
  });

const fence = (hart: number, before: string, after: string) =>
  fenceOf(hart, (fenceSetBits(before)! << 4) | fenceSetBits(after)!);
const amo = (hart: number, address: number, order: number) => guestAtomic(hart, Op.AtomicUpdate, address, order);
const lr = (hart: number, address: number, order: number) => guestAtomic(hart, Op.AtomicLoad, address, order);

/** Indexes of the accesses that race, in a run after one that made words for synchronisation of these. */
function races(words: readonly number[], ...events: readonly TraceEvent[]): readonly (readonly number[])[] {
  const observer = made();
  watch(
    observer,
    words.map((word) => amo(0, word, Relaxed)),
  );
  return watch(observer, events).map((finding) => finding.events);
}

describe('happens-before', () => {
  it('names the word of a data race even in a schedule where nothing went wrong', async () => {
    const [race] = await findingsOf((context) => new HappensBefore(context), 'unlocked');
    expect(race).toMatchObject({ kind: 'data-race', events: [1, 2] });
    expect(race!.summary).toContain('COUNTER');
  });

  it('is silent when a lock orders the accesses', async () => {
    expect(await findingsOf((context) => new HappensBefore(context), 'locked')).toEqual([]);
  });

  it('takes a look at an atomic word of the supervisor without an atomic access for a race', () => {
    const look = [access(0, Op.AtomicUpdate, LOCK), load(1, LOCK)];
    expect(watch(made(), look)).toMatchObject([{ events: [0, 1] }]);
  });

  it('takes a store to a page table entry, beside a walk of the hardware, for a race in every run', () => {
    const observer = made();
    const run = [access(0, Op.AtomicLoad, DATA), store(1, DATA)];
    expect(watch(observer, run)).toMatchObject([{ events: [0, 1] }]);
    expect(watch(observer, run)).toMatchObject([{ events: [0, 1] }]);
  });
});

describe('a word that guest code has accessed atomically', () => {
  it('is accessed by plain loads and stores without a race, in this run and in later ones', () => {
    const observer = made();
    expect(watch(observer, [amo(0, LOCK, Relaxed), store(1, LOCK), load(2, LOCK)])).toEqual([]);
    expect(watch(observer, [store(0, LOCK), store(1, LOCK), load(2, LOCK)])).toEqual([]);
  });

  it('was accessed without a race before, too', () => {
    expect(watch(made(), [store(0, LOCK), store(1, LOCK), lr(2, LOCK, Relaxed)])).toEqual([]);
  });

  it('has other words beside it that race: the second half of a doubleword is one, the next doubleword is not', () => {
    const double = { ...amo(0, LOCK, Relaxed), size: 8 };
    expect(watch(made(), [double, store(1, LOCK + 4), store(2, LOCK + 4)])).toEqual([]);
    expect(watch(made(), [double, store(1, LOCK + 8), store(2, LOCK + 8)])).toMatchObject([{ events: [1, 2] }]);
  });

  it('races with a page that is copied over it', () => {
    expect(races([LOCK], amo(0, LOCK, AQRL), access(1, Op.BulkWrite, KERNBASE, PGSIZE))).toEqual([[0, 1]]);
  });

  it('takes back no race of its whole page', () => {
    const copy = (hart: number) => access(hart, Op.BulkWrite, KERNBASE, PGSIZE);
    expect(watch(made(), [copy(0), copy(1), amo(1, KERNBASE, Relaxed)])).toMatchObject([{ events: [0, 1] }]);
  });

  it('is no less one when a store of eight bytes covers it and the word before', () => {
    expect(races([LOCK + 4], amo(0, LOCK + 4, Relaxed), { ...store(1, LOCK), size: 8 })).toEqual([]);
  });
});

describe('a lock of guest code', () => {
  const section = (hart: number, ...release: readonly TraceEvent[]) => [
    amo(hart, LOCK, Acquire),
    load(hart, DATA),
    store(hart, DATA),
    ...release,
  ];

  it('orders when it is released by a fence and a store', () => {
    const released = (hart: number) => [fence(hart, 'rw', 'w'), store(hart, LOCK)];
    expect(races([LOCK], ...section(0, ...released(0)), ...section(1, ...released(1)))).toEqual([]);
  });

  it('does not when it is released by a store alone', () => {
    const found = races([LOCK], ...section(0, store(0, LOCK)), ...section(1, store(1, LOCK)));
    expect(found).toEqual([
      [2, 5],
      [1, 6],
    ]);
  });

  it('lets loads out of the section when the fence orders stores only', () => {
    const events = [amo(0, LOCK, Acquire), load(0, DATA), fence(0, 'w', 'w'), store(0, LOCK)];
    expect(races([LOCK], ...events, amo(1, LOCK, Acquire), store(1, DATA))).toEqual([[1, 5]]);
  });

  it('orders when it is released by an amo with rl, and not by one without', () => {
    const run = (order: number) => races([LOCK], ...section(0, amo(0, LOCK, order)), ...section(1));
    expect(run(Release)).toEqual([]);
    expect(run(Relaxed)).not.toEqual([]);
  });

  it('does not order when it is taken without aq, unless a fence stands after', () => {
    const before = [store(0, DATA), amo(0, LOCK, Release), amo(1, LOCK, Relaxed)];
    expect(races([LOCK], ...before, load(1, DATA))).toEqual([[0, 3]]);
    expect(races([LOCK], ...before, fence(1, 'r', 'rw'), load(1, DATA))).toEqual([]);
  });

  it('stored by an amo has been stored, though the value was there before', () => {
    const unlock = { ...amo(0, LOCK, Release), value: 1, after: 1 };
    expect(races([LOCK], store(0, DATA), unlock, amo(1, LOCK, Acquire), load(1, DATA))).toEqual([]);
  });
});

describe('a message of guest code', () => {
  const run = (sender: readonly TraceEvent[], receiver: readonly TraceEvent[], last: TraceEvent) =>
    races([FLAG], store(0, DATA), ...sender, store(0, FLAG), load(1, FLAG), ...receiver, last);
  const [release, acquire] = [fence(0, 'w', 'w'), fence(1, 'r', 'r')];

  it('passes with a fence on either side', () => {
    expect(run([release], [acquire], load(1, DATA))).toEqual([]);
  });

  it('does not without one of them', () => {
    expect(run([], [acquire], load(1, DATA))).toEqual([[0, 4]]);
    expect(run([release], [], load(1, DATA))).toEqual([[0, 4]]);
  });

  it('does not with fences that order something else', () => {
    expect(run([fence(0, 'r', 'w')], [acquire], load(1, DATA))).toEqual([[0, 5]]);
    expect(run([fence(0, 'w', 'r')], [acquire], load(1, DATA))).toEqual([[0, 5]]);
    expect(run([release], [fence(1, 'w', 'r')], load(1, DATA))).toEqual([[0, 5]]);
    expect(run([fence(0, 'io', 'io')], [acquire], load(1, DATA))).toEqual([[0, 5]]);
  });

  it('lets a store of the receiver go before it when its fence orders loads only', () => {
    expect(run([release], [acquire], store(1, DATA))).toEqual([[0, 5]]);
    expect(run([release], [fence(1, 'r', 'rw')], store(1, DATA))).toEqual([]);
  });

  it('does not pass on what came after the fence', () => {
    expect(
      races([FLAG], fence(0, 'rw', 'w'), store(0, DATA), store(0, FLAG), lr(1, FLAG, Acquire), load(1, DATA)),
    ).toEqual([[1, 4]]);
  });

  it('does not pass by a word that the guest never accesses atomically', () => {
    const events = [store(0, DATA), release, store(0, FLAG), load(1, FLAG), acquire, load(1, DATA)];
    expect(races([], ...events)).toEqual([
      [2, 3],
      [0, 5],
    ]);
  });

  it('passes through a hart that reads it without aq and hands it on with rl', () => {
    const events = [store(0, DATA), amo(0, FLAG, Release), load(1, FLAG), amo(1, RELAY, Release)];
    expect(races([FLAG, RELAY], ...events, lr(2, RELAY, Acquire), load(2, DATA))).toEqual([]);
  });
});

describe('a counter of guest code', () => {
  it('orders nothing when it has neither aq nor rl', () => {
    const events = [store(0, DATA), amo(0, FLAG, Relaxed), amo(1, FLAG, Relaxed), store(1, DATA)];
    expect(races([], ...events)).toEqual([[0, 3]]);
  });

  it('continues what an earlier store released, which a plain store ends', () => {
    const run = (between: TraceEvent) =>
      races([FLAG], store(0, DATA), amo(0, FLAG, Release), between, lr(2, FLAG, Acquire), load(2, DATA));
    expect(run(amo(1, FLAG, Relaxed))).toEqual([]);
    expect(run(store(1, FLAG))).toEqual([[0, 4]]);
  });

  it('with aq and rl is a fence as well, and with rl alone is none', () => {
    const run = (order: number) =>
      races([FLAG, RELAY], store(0, DATA), amo(0, FLAG, order), store(0, RELAY), lr(1, RELAY, Acquire), load(1, DATA));
    expect(run(AQRL)).toEqual([]);
    expect(run(Release)).toEqual([[0, 4]]);
  });
});
