import { describe, expect, it } from 'vitest';
import { KernelPanic } from '../../../kernel/kernel-panic.js';
import { KERNBASE, PGSIZE } from '../../../src/memory/map.js';
import { KernelMachine } from '../../support/kernel-machine.js';

describe('kalloc', () => {
  it('hands out every frame once, then none', () => {
    const machine = KernelMachine.booted();
    const { kalloc } = machine.kernel.parts;
    const { freePages } = machine.statistics();
    const frames = new Set(Array.from({ length: freePages }, () => kalloc.kalloc()));
    expect(frames.size).toBe(freePages);
    expect(frames.has(0)).toBe(false);
    expect(kalloc.kalloc()).toBe(0);
    for (const pa of frames) kalloc.kfree(pa);
    expect(machine.statistics().freePages).toBe(freePages);
    expect(machine.violations()).toEqual([]);
  });

  it('fills an allocated frame and a freed one with junk', () => {
    const machine = KernelMachine.booted();
    const { kalloc } = machine.kernel.parts;
    const pa = kalloc.kalloc();
    expect(new Set(machine.ram.read(pa, PGSIZE))).toEqual(new Set([5]));
    machine.ram.fill(pa, 77, PGSIZE);
    kalloc.kfree(pa);
    // But for the link to the next free frame.
    expect(new Set(machine.ram.read(pa + 4, PGSIZE - 4))).toEqual(new Set([1]));
  });

  it('panics when it is given what it never handed out', () => {
    const machine = KernelMachine.booted();
    const { kalloc } = machine.kernel.parts;
    const pa = kalloc.kalloc();
    for (const wild of [0, pa + 8, KERNBASE, machine.memory.map.physTop])
      expect(() => kalloc.kfree(wild), wild.toString(16)).toThrow(new KernelPanic('kfree'));
  });

  it('uses all of memory beside the kernel', () => {
    const machine = new KernelMachine({ memory: 16 });
    const { layout } = machine;
    expect(layout.firstFrame + layout.frames * PGSIZE).toBe(KERNBASE + 16 * 2 ** 20);
    expect(layout.firstFrame).toBeLessThan(KERNBASE + 64 * PGSIZE);
  });
});
