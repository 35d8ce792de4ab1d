import { describe, expect, it } from 'vitest';
import { kmem } from '../../../kernel/layout.js';
import { frameNumber, framesBelow } from '../../../kernel/page-sharing/entries.js';
import { DEVICE_PAGES } from '../../../kernel/page-sharing/kernel-pagetable.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { PAGE_SIZE, ptePa } from '../../../src/isa/sv39.js';
import { leafAddress } from '../../../src/isa/sv39-walk.js';
import { KERNBASE } from '../../../src/memory/map.js';
import { alignUp } from '../../../src/memory/struct.js';
import { DATA, KernelMachine } from '../../support/kernel-machine.js';
import { frameOf } from '../../support/pages.js';

const design = 'mapped-count';

function refs(machine: KernelMachine, pa: number): number {
  return machine.ram.load32(machine.layout.sharing + frameNumber(pa) * 4) | 0;
}

describe.each(['sound', 'published'] as const)('mapped-count, %s', (form) => {
  it('calls its counts refs', () => {
    const { layout } = KernelMachine.booted({ design, form });
    expect(layout.symbols.describe(layout.sharing + 4 * 0x1f3)).toBe('refs[499]');
  });

  it('counts mappings: 1 for a page of one process, one more with each fork, 0 for a page table', () => {
    const machine = KernelMachine.booted({ design, form });
    const pa = frameOf(machine, 0, DATA);
    expect(refs(machine, pa)).toBe(1);
    machine.result(0, Sys.fork);
    machine.result(0, Sys.fork);
    expect(refs(machine, pa)).toBe(3);
    expect(refs(machine, machine.pagetable(0))).toBe(0);
  });

  it('builds the kernel’s page table over all RAM and the devices, and counts none of it', () => {
    const machine = KernelMachine.booted({ design, form });
    const { layout, ram } = machine;
    const { physTop } = layout.config;
    const table = alignUp(layout.sharing + framesBelow(physTop) * 4, PAGE_SIZE);
    expect(layout.symbols.describe(table)).toBe('kernel_pagetable[0][0]');
    for (const pa of [...DEVICE_PAGES, KERNBASE, layout.firstFrame, physTop - PAGE_SIZE])
      expect(ptePa(ram.load32(leafAddress(ram, table, pa)))).toBe(pa);
    expect(refs(machine, kmem.fields.freelist.load(ram, layout.kmems[0]!))).toBe(0);
    expect(machine.violations()).toEqual([]);
  });

  it('ignores addresses that have no count', () => {
    const machine = KernelMachine.booted({ design, form });
    const { sharing } = machine.kernel.parts;
    const before = machine.ram.read(KERNBASE, machine.layout.firstFrame - KERNBASE);
    for (const pa of [...DEVICE_PAGES, machine.layout.config.physTop]) sharing.mapped(machine.pagetable(0), 0, pa);
    expect(Buffer.compare(machine.ram.read(KERNBASE, before.length), before)).toBe(0);
  });
});

describe('mapped-count', () => {
  /** What drops a mapping that was never counted. */
  const dropUncounted = (machine: KernelMachine) => {
    const { kalloc, sharing } = machine.kernel.parts;
    const pa = kalloc.kalloc();
    const pte = kalloc.kalloc();
    sharing.unmap(machine.pagetable(0), 0, pte, pa);
    return pa;
  };

  it('sound, stops when a count would go below 0', () => {
    const machine = KernelMachine.booted({ design });
    expect(() => dropUncounted(machine)).toThrow('panic: refs below 0');
  });

  it('published, goes below 0 unnoticed', () => {
    const machine = KernelMachine.booted({ design, form: 'published' });
    expect(refs(machine, dropUncounted(machine))).toBe(-1);
  });
});
