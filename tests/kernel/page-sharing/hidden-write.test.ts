import { describe, expect, it } from 'vitest';
import { frameNumber, PTE_COW } from '../../../kernel/page-sharing/entries.js';
import { PTE_WHIDE } from '../../../kernel/page-sharing/hidden-write/shares.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { Next } from '../../../src/hart/trap-handler.js';
import { Cause } from '../../../src/isa/causes.js';
import { LEVELS, PTES_PER_TABLE, Pte, ptePa, px } from '../../../src/isa/sv39.js';
import { DATA, KernelMachine, type Options, type StillEngine } from '../../support/kernel-machine.js';
import { entryOf, frameOf } from '../../support/pages.js';

const TEXT = 0;
const SHARING = Pte.W | PTE_COW | PTE_WHIDE;

/** Parent on hart 0 and child on hart 1. */
function family(options: Options): KernelMachine {
  const machine = KernelMachine.booted({ harts: 2, ...options });
  machine.result(0, Sys.fork);
  expect(machine.interrupt(1)).toBe(Next.Run);
  return machine;
}

function flushes(machine: KernelMachine, hart: number): number {
  return (machine.harts[hart]!.engine as StillEngine).flushes;
}

describe.each(['sound', 'published'] as const)('hidden-write, %s', (form) => {
  const options: Options = { design: 'hidden-write', form };

  it('remembers in the entry that a shared page was writable, and of text only that it is shared', () => {
    const machine = family(options);
    for (const hart of [0, 1]) {
      expect(entryOf(machine, hart, DATA) & SHARING).toBe(PTE_COW | PTE_WHIDE);
      expect(entryOf(machine, hart, TEXT) & SHARING).toBe(PTE_COW);
    }
    expect(PTE_COW).toBe(1 << 8);
    expect(PTE_WHIDE).toBe(1 << 9);
  });

  it('gives the parent its right to write back when the child exits, without a fault', () => {
    const machine = family(options);
    const pa = frameOf(machine, 0, DATA);
    machine.call(1, Sys.exit, 0);
    expect(entryOf(machine, 0, DATA) & SHARING).toBe(Pte.W);
    expect(frameOf(machine, 0, DATA)).toBe(pa);
    expect(entryOf(machine, 0, TEXT) & SHARING).toBe(0);
    expect(machine.statistics().pagesGivenBack).toBeGreaterThan(2);
    machine.userStore(0, DATA, 5);
    expect(machine.statistics().cowFaults).toBe(0);
  });

  it('gives the child its right back when the parent has made its copy', () => {
    const machine = family(options);
    machine.userStore(0, DATA, 5);
    expect(entryOf(machine, 1, DATA) & SHARING).toBe(Pte.W);
    expect(machine.userLoad(1, DATA)).toBe(1);
    expect(machine.statistics()).toMatchObject({ cowFaults: 1, pagesCopied: 1, pagesGivenBack: 1, needlessCopies: 0 });
  });

  it('gives nothing back while two sharers are left', () => {
    const machine = KernelMachine.booted({ harts: 2, ...options });
    machine.result(0, Sys.fork);
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    machine.userStore(1, DATA, 5);
    expect(machine.statistics().pagesGivenBack).toBe(0);
    expect(entryOf(machine, 0, DATA) & SHARING).toBe(PTE_COW | PTE_WHIDE);
  });

  it('never lets text be written, not even by the last who has it', () => {
    const machine = family(options);
    machine.call(1, Sys.exit, 0);
    machine.userStore(0, TEXT, 1);
    expect(machine.output).toContain('unexpected scause 0xf pid=1');
  });

  it('gives the parent everything back when a fork fails in the middle', () => {
    const machine = KernelMachine.booted({ ...options, memory: 8 });
    // More pages than one table maps: when the child's second table cannot be had, a table full is shared.
    machine.result(0, Sys.sbrk, PTES_PER_TABLE * 4096);
    const before = entryOf(machine, 0, DATA);
    machine.allocations = 3;
    expect(machine.result(0, Sys.fork)).toBe(-1);
    expect(machine.statistics().pagesGivenBack).toBe(PTES_PER_TABLE);
    expect(entryOf(machine, 0, DATA)).toBe(before);
    expect(machine.violations()).toEqual([]);
  });

  it('shares pages, never page tables', () => {
    const machine = family(options);
    const tables = (hart: number) => {
      const found = [machine.pagetable(hart)];
      for (let level = LEVELS - 1; level > 0; level--)
        found.push(ptePa(machine.ram.load32(found.at(-1)! + px(level, DATA) * 8)));
      return found;
    };
    expect(tables(0).filter((table) => tables(1).includes(table))).toEqual([]);
  });
});

describe('hidden-write', () => {
  const design = 'hidden-write';

  it('sound, flushes the TLB of the hart that runs the last sharer, and no other', () => {
    const machine = KernelMachine.booted({ design, harts: 3 });
    machine.result(0, Sys.fork);
    machine.interrupt(1);
    machine.userStore(1, DATA, 5);
    expect(machine.statistics().remoteFlushes).toBe(1);
    const before = [0, 1, 2].map((hart) => flushes(machine, hart));
    // On its next way out of the kernel; once.
    machine.result(0, Sys.getpid);
    expect(flushes(machine, 0)).toBe(before[0]! + 1);
    machine.result(0, Sys.getpid);
    machine.result(1, Sys.getpid);
    expect([0, 1, 2].map((hart) => flushes(machine, hart))).toEqual([before[0]! + 1, before[1], before[2]]);
  });

  it('sound, takes a store fault by the old translation for what it is', () => {
    const machine = family({ design });
    machine.userStore(1, DATA, 5);
    const { cowFaults } = machine.statistics();
    const before = flushes(machine, 0);
    expect(machine.fault(0, Cause.StorePageFault, DATA)).toBe(Next.Run);
    expect(machine.statistics().cowFaults).toBe(cowFaults);
    expect(flushes(machine, 0)).toBeGreaterThan(before);
    expect(machine.output).toBe('');
  });

  it('published, tells no TLB', () => {
    const machine = family({ design, form: 'published' });
    machine.userStore(1, DATA, 5);
    expect(machine.statistics()).toMatchObject({ pagesGivenBack: 1, remoteFlushes: 0 });
  });

  it('sound, asks no hart that runs something else by now', () => {
    const machine = family({ design });
    // The parent sleeps; nothing else runs on its hart, so its address space stays there until something does.
    machine.result(1, Sys.fork);
    machine.call(0, Sys.wait, 0);
    expect(machine.runningPid(0)).toBe(3);
    machine.userStore(0, DATA, 6);
    const { remoteFlushes } = machine.statistics();
    machine.userStore(1, DATA, 5);
    // Now the parent alone has the page, and hart 0 is in the address space of process 3.
    expect(machine.statistics().pagesGivenBack).toBe(1);
    expect(machine.statistics().remoteFlushes).toBe(remoteFlushes);
  });

  it('keeps, sound, the exclusive or of the page tables that share a page, and 0 when it is not shared', () => {
    const machine = family({ design });
    const pa = frameOf(machine, 0, DATA);
    const { symbols } = machine.layout;
    const record = findSymbol(machine, `shares.page[${frameNumber(pa)}].others`);
    expect(symbols.describe(record + 4)).toBe(`shares.page[${frameNumber(pa)}].roots`);
    expect(machine.ram.load32(record)).toBe(1);
    expect(machine.ram.load32(record + 4)).toBe((machine.pagetable(0) ^ machine.pagetable(1)) >>> 0);
    machine.userStore(1, DATA, 5);
    expect([machine.ram.load32(record), machine.ram.load32(record + 4)]).toEqual([0, 0]);
  });
});

function findSymbol(machine: KernelMachine, name: string): number {
  const { symbols, sharing, firstFrame } = machine.layout;
  for (let at = sharing; at < firstFrame; at += 4) if (symbols.describe(at) === name) return at;
  throw new Error(`there is no ${name}`);
}
