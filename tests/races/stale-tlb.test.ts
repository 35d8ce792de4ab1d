import { describe, expect, it } from 'vitest';
import { KernelEvent } from '../../src/memory/access.js';
import { StaleTlb } from '../../src/races/stale-tlb.js';
import { note, store, watch } from '../support/trace-events.js';

describe('stale TLB', () => {
  const made = () => new StaleTlb({ pidsAtStart: [1, 2] });

  it('names the process and the access, once for each page and kind, by the event of the access itself', () => {
    const stale = note(1, KernelEvent.StaleStore, 0x8010_0008, 0x1008);
    const found = watch(made(), [store(1, 0x8010_0008), stale, store(1, 0x8010_0008), stale]);
    expect(found).toMatchObject([{ kind: 'stale-tlb', events: [0, 1], advisory: false }]);
    expect(found[0]!.summary).toBe(
      'pid 2 on hart 1 stores to 0x80100008 by a cached translation of 0x1008 that the page table no longer grants',
    );
  });

  it('tells loads from stores, and forgets them when a new run begins', () => {
    const observer = made();
    const [load] = watch(observer, [store(0, 0), note(0, KernelEvent.StaleLoad, 0x8010_0000, 0x1000)]);
    expect(load!.summary).toMatch(/^pid 1 on hart 0 loads from/);
    expect(watch(observer, [store(0, 0x8010_0000)])).toEqual([]);
  });

  it('knows which process the hart has taken up meanwhile', () => {
    const switched = note(0, KernelEvent.ProcessSwitched, 0x8000_1000, 7);
    const [found] = watch(made(), [switched, store(0, 0), note(0, KernelEvent.StaleStore, 0x8010_0000, 0x1000)]);
    expect(found!.summary).toMatch(/^pid 7 on hart 0 stores to/);
  });
});
