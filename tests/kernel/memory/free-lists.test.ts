import { describe, expect, it } from 'vitest';
import { hex } from '../../../kernel/books/census.js';
import { kmem } from '../../../kernel/layout.js';
import { freeLists } from '../../../kernel/memory/free-lists.js';
import { designs } from '../../../kernel/page-sharing/designs.js';
import { PAGE_SIZE } from '../../../src/isa/sv39.js';
import { KernelMachine } from '../../support/kernel-machine.js';

const HARTS = 3;
const { free, freelist } = kmem.fields;

const perHart = (options = {}) => KernelMachine.booted({ harts: HARTS, freelist: 'per-hart', ...options });
const kallocOf = (machine: KernelMachine, hart: number) => machine.kernels[hart]!.parts.kalloc;
const freeOf = ({ ram, layout }: KernelMachine) => layout.kmems.map((list) => free.load(ram, list));

describe.each(freeLists.map(({ name }) => name))('free list %s', (freelist) => {
  it.each(designs.map(({ name }) => name))(
    'gives one hart every frame once, then none, and takes them back: %s',
    (design) => {
      const refs = design === 'kmem-count' ? { refs: 'atomic' } : {};
      const machine = KernelMachine.booted({ harts: HARTS, freelist, design, ...refs });
      const { freePages } = machine.statistics();
      const frames = new Set(Array.from({ length: freePages }, () => kallocOf(machine, 1).kalloc()));
      expect(frames.size).toBe(freePages);
      expect(frames.has(0)).toBe(false);
      for (let hart = 0; hart < HARTS; hart++) expect(kallocOf(machine, hart).kalloc()).toBe(0);
      expect(machine.statistics().freePages).toBe(0);
      for (const pa of frames) kallocOf(machine, 2).kfree(pa);
      expect(machine.statistics().freePages).toBe(freePages);
      expect(machine.violations()).toEqual([]);
    },
  );
});

describe('boot', () => {
  it('touches no free frame but the lowest of each list, and books and allocator know them all', () => {
    const machine = perHart();
    const { layout, ram } = machine;
    const { firstFrame, frames } = layout;
    // Hart 0 has taken frames from its own list, the first, for the first process.
    const [second, third] = [Math.floor(frames / 3), Math.floor((frames * 2) / 3)];
    const touched: number[] = [];
    for (let frame = second; frame < frames; frame++)
      if (ram.load64(firstFrame + frame * PAGE_SIZE) !== 0) touched.push(frame);
    expect(touched).toEqual([second, third]);
    expect(machine.violations()).toEqual([]);
    expect(freeOf(machine).reduce((sum, count) => sum + count)).toBe(machine.statistics().freePages);
  });
});

describe('a free list for each hart', () => {
  it('has its share of memory at boot, on a cache line of its own, and a name in reports', () => {
    const { layout, memory } = perHart();
    const fresh = new KernelMachine({ harts: HARTS, freelist: 'per-hart', attach: memory.handle });
    expect(layout.kmems).toEqual(fresh.layout.kmems);
    expect(layout.kmems.map((at) => at % 64)).toEqual([0, 0, 0]);
    expect(layout.symbols.describe(layout.kmems[2]! + freelist.offset)).toBe('kmem[2].freelist');
    const shares = freeOf(perHart());
    expect(Math.max(...shares.slice(1)) - Math.min(...shares.slice(1))).toBeLessThanOrEqual(1);
  });

  it('is taken from and given to by its own hart', () => {
    const machine = perHart();
    const before = freeOf(machine);
    const pa = kallocOf(machine, 1).kalloc();
    expect(freeOf(machine)).toEqual([before[0], before[1]! - 1, before[2]]);
    kallocOf(machine, 2).kfree(pa);
    expect(freeOf(machine)).toEqual([before[0], before[1]! - 1, before[2]! + 1]);
  });

  it('is stolen from one frame at a time, beginning with the next hart’s, when a hart has none of its own', () => {
    const machine = perHart();
    const [first, second, third] = freeOf(machine);
    for (let frame = 0; frame < second! + third! + 1; frame++) expect(kallocOf(machine, 1).kalloc()).not.toBe(0);
    expect(freeOf(machine)).toEqual([first! - 1, 0, 0]);
  });

  it('is one list without a number where there is one hart', () => {
    const { layout } = KernelMachine.booted({ freelist: 'per-hart' });
    expect(layout.symbols.describe(layout.kmems[0]! + freelist.offset)).toBe('kmem.freelist');
  });

  it('is named by the ledger when it is damaged', () => {
    const machine = perHart();
    const list = machine.layout.kmems[1]!;
    const kept = free.load(machine.ram, list);
    free.store(machine.ram, list, kept + 1);
    expect(machine.violations()).toEqual([`kmem[1].free is ${kept + 1}, but the free list holds ${kept} frames`]);
    free.store(machine.ram, list, kept);
    const other = freelist.load(machine.ram, machine.layout.kmems[0]!);
    freelist.store(machine.ram, list, other);
    expect(machine.violations()).toContain(
      `frame ${hex(other)} is on the free list twice: kmem[1].freelist leads back to it`,
    );
  });
});
