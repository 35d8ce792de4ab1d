import { describe, expect, it } from 'vitest';
import { KernelPanic } from '../../../kernel/kernel-panic.js';
import { MAXVA, Pte } from '../../../src/isa/sv39.js';
import { PGSIZE } from '../../../src/memory/map.js';
import { DATA, END, KernelMachine } from '../../support/kernel-machine.js';

const LARGEST_TABLE = 512 * PGSIZE;

describe('vm', () => {
  it('panics rather than map a page twice, unmap one that is not there, or walk beyond MAXVA', () => {
    const machine = KernelMachine.booted();
    const { vm, kalloc } = machine.kernel.parts;
    const table = machine.pagetable(0);
    expect(() => vm.mappages(table, DATA, kalloc.kalloc(), Pte.R)).toThrow(new KernelPanic('mappages: remap'));
    expect(() => vm.uvmunmap(table, END, 1)).toThrow(new KernelPanic('uvmunmap: not mapped'));
    expect(() => vm.walk(table, MAXVA, false)).toThrow(new KernelPanic('walk'));
    expect(() => vm.walk(table, -1, false)).toThrow(new KernelPanic('walk'));
  });

  it('creates entries with A and D set, so that the walker never writes them', () => {
    const machine = KernelMachine.booted();
    const { vm } = machine.kernel.parts;
    for (const va of [0, DATA]) {
      const entry = machine.ram.load32(vm.walk(machine.pagetable(0), va, false));
      expect(entry & (Pte.A | Pte.D)).toBe(Pte.A | Pte.D);
    }
  });

  it('copies and frees address spaces of several page tables', () => {
    const machine = KernelMachine.booted({ memory: 16 });
    const { vm } = machine.kernel.parts;
    const before = machine.statistics().freePages;
    const parent = vm.uvmcreate();
    const child = vm.uvmcreate();
    const size = 2 * LARGEST_TABLE + 3 * PGSIZE;
    expect(vm.uvmalloc(parent, 0, size, Pte.W)).toBe(true);
    expect(vm.uvmcopy(parent, child, size)).toBe(true);
    const frame = (table: number, va: number) => machine.ram.load32(vm.walk(table, va, false)) >>> 10;
    for (const va of [0, LARGEST_TABLE - PGSIZE, LARGEST_TABLE, 2 * LARGEST_TABLE, size - PGSIZE])
      expect(frame(child, va)).toBe(frame(parent, va));
    vm.uvmfree(parent, size);
    vm.uvmfree(child, size);
    expect(machine.statistics().freePages).toBe(before);
    expect(machine.violations()).toEqual([]);
  });

  it('shrinking frees whole pages only', () => {
    const machine = KernelMachine.booted();
    const { vm } = machine.kernel.parts;
    const table = vm.uvmcreate();
    vm.uvmalloc(table, 0, 3 * PGSIZE, Pte.W);
    vm.uvmdealloc(table, 3 * PGSIZE, PGSIZE + 1);
    expect(vm.userPte(table, PGSIZE)).not.toBe(0);
    expect(vm.userPte(table, 2 * PGSIZE)).toBe(0);
    vm.uvmfree(table, PGSIZE + 1);
    expect(machine.violations()).toEqual([]);
  });
});
