import { ptePa } from '../../src/isa/sv39.js';
import type { KernelMachine } from './kernel-machine.js';

/** Physical address of the leaf entry for `va` of the process that runs on the hart. */
export function leafOf(machine: KernelMachine, hart: number, va: number): number {
  return machine.kernels[hart]!.parts.vm.walk(machine.pagetable(hart), va, false);
}

/** That entry. */
export function entryOf(machine: KernelMachine, hart: number, va: number): number {
  return machine.ram.load32(leafOf(machine, hart, va));
}

/** The frame that the process has at `va`. */
export function frameOf(machine: KernelMachine, hart: number, va: number): number {
  return ptePa(entryOf(machine, hart, va));
}
