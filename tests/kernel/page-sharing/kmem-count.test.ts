import { describe, expect, it } from 'vitest';
import { frameNumber } from '../../../kernel/page-sharing/entries.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { Cause } from '../../../src/isa/causes.js';
import { DATA, KernelMachine, type Options } from '../../support/kernel-machine.js';
import { frameOf } from '../../support/pages.js';

const sound: Options = { design: 'kmem-count' };
const published: Options = { design: 'kmem-count', form: 'published' };

/** A process with 256 children, all sharing its pages: 257 sharers. */
function manySharers(options: Options): KernelMachine {
  const machine = KernelMachine.booted({ memory: 16, processes: 300, harts: 2, ...options });
  for (let child = 0; child < 256; child++) expect(machine.result(0, Sys.fork)).toBeGreaterThan(1);
  return machine;
}

describe('kmem-count', () => {
  it('names its counts as the allocator’s own, one for each frame of RAM', () => {
    const narrow = KernelMachine.booted(published);
    const pa = frameOf(narrow, 0, DATA);
    const { layout, ram } = narrow;
    expect(layout.symbols.describe(layout.sharing + frameNumber(pa))).toBe(`kmem.page_references[${frameNumber(pa)}]`);
    expect(ram.load8(layout.sharing + frameNumber(pa))).toBe(1);
    const wide = KernelMachine.booted(sound).layout;
    expect(wide.symbols.describe(wide.sharing + 12 * 4)).toBe('kmem.page_references[12]');
  });

  it('counts what kalloc hands out, page tables included, and frees it when kfree has been called as often', () => {
    const machine = KernelMachine.booted(sound);
    const { kalloc } = machine.kernel.parts;
    const before = machine.statistics().freePages;
    machine.result(0, Sys.fork);
    const pa = frameOf(machine, 0, DATA);
    kalloc.kfree(pa);
    kalloc.kfree(pa);
    expect(machine.violations()).toContainEqual(
      expect.stringContaining(`frame 0x${pa.toString(16)} is on the free list and mapped by`),
    );
    expect(machine.statistics().freePages).toBeLessThan(before);
    expect(() => kalloc.kfree(pa)).toThrow('panic: kfree: no references');
  });

  it('published, counts in eight bits, which 256 sharers wrap to 0', () => {
    const machine = KernelMachine.booted({ memory: 16, processes: 300, ...published });
    for (let child = 0; child < 255; child++) machine.result(0, Sys.fork);
    const pa = frameOf(machine, 0, DATA);
    expect(machine.ram.load8(machine.layout.sharing + frameNumber(pa))).toBe(0);
    expect(machine.violations()).toContainEqual(
      expect.stringMatching(`frame 0x${pa.toString(16)}: count 0, but mapped by .* and 252 more`),
    );
  });

  it('published, frees a page under 256 sharers when the 257th exits', () => {
    const machine = manySharers(published);
    const pa = frameOf(machine, 0, DATA);
    expect(machine.interrupt(1)).toBe(Next.Run);
    machine.call(1, Sys.exit, 0);
    expect(machine.violations()).toContainEqual(
      expect.stringMatching(`frame 0x${pa.toString(16)} is on the free list and mapped by .* and 252 more`),
    );
  });

  it('sound, has 257 sharers and loses one without harm', () => {
    const machine = manySharers(sound);
    machine.interrupt(1);
    machine.call(1, Sys.exit, 0);
    expect(machine.violations()).toEqual([]);
  });

  it('published, copies a shared page for a fetch from it, before it kills the process at the second', () => {
    const machine = KernelMachine.booted(published);
    machine.result(0, Sys.fork);
    const { pagesCopied } = machine.statistics();
    expect(machine.fault(0, Cause.InstructionPageFault, DATA)).toBe(Next.Run);
    expect(machine.runningPid(0)).toBe(1);
    expect(machine.statistics().pagesCopied).toBe(pagesCopied + 1);
    machine.fault(0, Cause.InstructionPageFault, DATA);
    expect(machine.output).toContain('unexpected scause 0xc pid=1');
  });

  it('sound, kills a process that fetches from a shared page it may not execute, at once', () => {
    const machine = KernelMachine.booted(sound);
    machine.result(0, Sys.fork);
    machine.fault(0, Cause.InstructionPageFault, DATA);
    expect(machine.output).toContain('unexpected scause 0xc pid=1');
    expect(machine.statistics().pagesCopied).toBe(0);
  });
});
