import { describe, expect, it } from 'vitest';
import { KernelEvent } from '../../src/memory/access.js';
import { StaleTlb } from '../../src/races/stale-tlb.js';
import { note, store, watch } from '../support/trace-events.js';

describe('stale TLB', () => {
  it('names the access, once for each page and kind, by the event of the access itself', () => {
    const stale = note(1, KernelEvent.StaleStore, 0x8010_0008, 0x1008);
    const found = watch(new StaleTlb(), [store(1, 0x8010_0008), stale, store(1, 0x8010_0008), stale]);
    expect(found).toMatchObject([{ kind: 'stale-tlb', events: [0], advisory: false }]);
    expect(found[0]!.summary).toBe(
      'hart 1 stores to 0x80100008 by a cached translation of 0x1008 that the page table no longer grants',
    );
  });

  it('tells loads from stores, and forgets them when a new run begins', () => {
    const observer = new StaleTlb();
    const [load] = watch(observer, [store(0, 0), note(0, KernelEvent.StaleLoad, 0x8010_0000, 0x1000)]);
    expect(load!.summary).toMatch(/^hart 0 loads from/);
    expect(watch(observer, [store(0, 0x8010_0000)])).toEqual([]);
  });
});
