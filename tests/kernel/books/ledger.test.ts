import { describe, expect, it } from 'vitest';
import { audit } from '../../../kernel/books/ledger.js';
import { formOf } from '../../../kernel/config.js';
import { spinlock } from '../../../kernel/locks/spinlock.js';
import { proc } from '../../../kernel/process/proc-struct.js';
import { Sys } from '../../../kernel/trap/syscall.js';
import { ptePa } from '../../../src/isa/sv39.js';
import { KERNBASE, PGSIZE } from '../../../src/memory/map.js';
import { DATA, KernelMachine } from '../../support/kernel-machine.js';

/** Parent 1 and child 2 share every page; hart 0 runs the parent, hart 1 the child. */
function family(): KernelMachine {
  const machine = KernelMachine.booted({ harts: 2 });
  machine.result(0, Sys.fork);
  machine.interrupt(1);
  expect(machine.violations()).toEqual([]);
  return machine;
}

function leaf(machine: KernelMachine, hart: number, va: number): number {
  return machine.kernels[hart]!.parts.vm.walk(machine.pagetable(hart), va, false);
}
const hex = (address: number) => `0x${address.toString(16)}`;

describe('ledger', () => {
  it('names the mappers of a frame whose count is wrong', () => {
    const machine = family();
    const pa = ptePa(machine.ram.load32(leaf(machine, 0, DATA)));
    const count = machine.layout.symbols;
    const at = machine.layout.sharing + spinlock.size + ((pa - KERNBASE) / PGSIZE) * 4;
    expect(count.describe(at)).toBe(`pgMap.pageMapNum[${(pa - KERNBASE) / PGSIZE}]`);
    machine.ram.store32(at, 1);
    expect(machine.violations()).toEqual([
      `frame ${hex(pa)}: count 1, but mapped by pid 1 at 0x1000 and pid 2 at 0x1000`,
    ]);
  });

  it('finds a frame that is free and mapped', () => {
    const machine = family();
    const pa = ptePa(machine.ram.load32(leaf(machine, 0, DATA)));
    machine.kernel.parts.kalloc.kfree(pa);
    expect(machine.violations()).toContain(
      `frame ${hex(pa)} is on the free list and mapped by pid 1 at 0x1000 and pid 2 at 0x1000`,
    );
  });

  it('finds a frame that nobody refers to', () => {
    const machine = family();
    const pa = machine.kernel.parts.kalloc.kalloc();
    expect(machine.violations()).toEqual([`frame ${hex(pa)} is lost: no mapping, not free, count 0`]);
    machine.kernel.parts.kalloc.kfree(pa);
    expect(machine.violations()).toEqual([]);
  });

  it('knows frames that an operation in flight holds', () => {
    const machine = family();
    const pa = machine.kernel.parts.kalloc.kalloc();
    const design = formOf(machine.config);
    expect(audit(machine.ram, machine.layout, design, new Map([[pa, 1]])).violations).toEqual([]);
  });

  it('finds a shared frame that somebody may write', () => {
    const machine = family();
    const pte = leaf(machine, 1, DATA);
    machine.ram.store32(pte, machine.ram.load32(pte) | 4);
    const pa = ptePa(machine.ram.load32(pte));
    expect(machine.violations()).toEqual([
      `frame ${hex(pa)} is shared, yet writable: mapped by pid 1 at 0x1000 and pid 2 at 0x1000 (writable)`,
    ]);
  });

  it('ends at a cycle in the free list, and says so', () => {
    const machine = family();
    const { kalloc } = machine.kernel.parts;
    const a = kalloc.kalloc();
    kalloc.kfree(a);
    kalloc.kfree(a);
    expect(machine.violations()).toContain(
      `frame ${hex(a)} is on the free list twice: frame ${hex(a)} leads back to it`,
    );
  });

  it('ends at a wild link in the free list, and says so', () => {
    const machine = family();
    // A link is looked at where one was ever written: in a frame that came back.
    const head = machine.kernel.parts.kalloc.kalloc();
    machine.kernel.parts.kalloc.kfree(head);
    for (const wild of [0x0101_0101, KERNBASE, head + 8, 0xffff_f000]) {
      machine.ram.store32(head, wild);
      expect(machine.violations()[0]).toBe(
        `the free list leaves memory: frame ${hex(head)} points to ${hex(wild)}, which is no frame`,
      );
    }
  });

  it('ends at a page table that refers to itself or to nowhere', () => {
    const machine = family();
    const root = machine.pagetable(1);
    machine.ram.store32(root + 16, ((root / PGSIZE) << 10) | 1);
    expect(machine.violations()[0]).toBe(`frame ${hex(root)} is a page table twice, the second time for pid 2`);
    machine.ram.store32(root + 16, 0x3fff_fc01);
    expect(machine.violations()[0]).toMatch(
      /^the page table of pid 2 leaves memory: its entry for 0x80000000 points to/,
    );
    machine.ram.store32(root + 16, 0);
    expect(machine.violations()).toEqual([]);
    proc.fields.pagetable.store(machine.ram, machine.running(1), 0x1234_5678);
    expect(machine.violations()[0]).toBe(
      'the page table of pid 2 leaves memory: its struct proc points to 0x12345678, which is no frame',
    );
  });

  it('has nothing to say of a kernel that has not booted', () => {
    expect(new KernelMachine().violations()).toEqual([]);
  });

  it('counts what the frames are', () => {
    const machine = family();
    const { frames } = audit(machine.ram, machine.layout, formOf(machine.config));
    expect(frames).toEqual({
      total: machine.layout.frames,
      free: machine.statistics().freePages,
      single: 0,
      shared: 5,
      pageTables: 6,
      pipes: 0,
      lost: 0,
    });
    expect(frames.free + frames.shared + frames.pageTables).toBe(frames.total);
  });
});
