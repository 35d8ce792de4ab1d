import { describe, expect, it } from 'vitest';
import { BootError } from '../../kernel/kernel-panic.js';
import { designs } from '../../kernel/page-sharing/designs.js';
import { type FormName, formNames } from '../../kernel/page-sharing/page-sharing.js';
import { type DesignCosts, measureDesign } from '../../src/app/design-costs.js';

const PAGES = 16;
/** Text, guard page and stack are forked along with the heap. */
const OTHER_PAGES = 3;
const SHARED = PAGES + OTHER_PAGES;

const measured = (design: string, form: FormName = 'sound'): DesignCosts => measureDesign(design, form, PAGES);

describe('what a design costs', () => {
  it.each(designs.flatMap(({ name }) => formNames.map((form) => [name, form] as const)))(
    '%s, %s: comes out the same every time, and grows with the pages that are forked',
    (design, form) => {
      const once = measured(design, form);
      expect(measured(design, form)).toEqual(once);
      const twice = measureDesign(design, form, 2 * PAGES);
      // One entry more on either side.
      expect(twice.fork.ptes - once.fork.ptes).toBe(2 * PAGES);
    },
  );

  it('page-map-lock takes its lock once for each page that is shared, twice for a write, and copies for the last sharer', () => {
    const { fork, firstWrite, lastWrite, bytesPerPage } = measured('page-map-lock');
    expect(fork.locks.pgMap).toBe(SHARED);
    expect(firstWrite).toEqual({ locks: { kmem: 1, pgMap: 2 }, atomics: 0, ptes: 3, copies: 1, faults: 1 });
    expect(lastWrite).toMatchObject({ copies: 1, faults: 1 });
    expect(bytesPerPage).toBe(4);
    expect(measured('page-map-lock', 'published').firstWrite.locks.pgMap).toBe(3);
  });

  it('mapped-count takes no lock of its own: sound, an atomic operation for each page; published, nothing', () => {
    const sound = measured('mapped-count');
    expect(sound.fork).toMatchObject({ locks: { kmem: 3, wait_lock: 1, nextpid: 1, proc: 2 }, atomics: SHARED });
    expect(sound.bytesPerPage).toBe(4);
    expect(measured('mapped-count', 'published').fork.atomics).toBe(0);
  });

  it('hidden-write spares the last sharer the fault, for a look into its page table at the write before', () => {
    const { firstWrite, lastWrite } = measured('hidden-write');
    expect(lastWrite).toEqual({ locks: {}, atomics: 0, ptes: 0, copies: 0, faults: 0 });
    expect(firstWrite.ptes).toBe(6);
    expect(measured('hidden-write', 'published').bytesPerPage).toBe(4);
  });

  it('core-map has the last sharer fault and keep its page', () => {
    const { lastWrite, bytesPerPage } = measured('core-map');
    expect(lastWrite).toMatchObject({ copies: 0, faults: 1 });
    // A record, and two nodes of its lists.
    expect(bytesPerPage).toBe(24 + 2 * 12);
    expect(measured('core-map', 'published').fork.locks).not.toHaveProperty('core_map');
  });

  it('kmem-count takes the allocator’s lock for each page, for one byte published and four sound', () => {
    const { fork, bytesPerPage } = measured('kmem-count');
    expect(fork.locks.kmem).toBe(SHARED + 3);
    expect(bytesPerPage).toBe(4);
    expect(measured('kmem-count', 'published').bytesPerPage).toBe(1);
  });

  it('fork-tree takes one lock once to fork, no memory, and a second look for a write', () => {
    const { fork, firstWrite, lastWrite, bytesPerPage } = measured('fork-tree');
    expect(fork.locks.fork_tree).toBe(1);
    expect(firstWrite).toMatchObject({ locks: { fork_tree: 2, kmem: 1 }, copies: 1, faults: 1 });
    expect(lastWrite).toMatchObject({ locks: { fork_tree: 1 }, copies: 0, faults: 1 });
    expect(bytesPerPage).toBe(0);
    expect(measured('fork-tree', 'published').firstWrite.locks).not.toHaveProperty('fork_tree');
  });

  it('eager copies at fork, and no write faults after it', () => {
    const { fork, firstWrite, bytesPerPage } = measured('eager');
    expect(fork.copies).toBe(SHARED);
    expect(firstWrite).toMatchObject({ copies: 0, faults: 0 });
    expect(bytesPerPage).toBe(0);
  });

  it('cannot be told of a design that there is not', () => {
    expect(() => measured('x')).toThrow(BootError);
  });
});
