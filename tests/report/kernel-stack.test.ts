import { describe, expect, it } from 'vitest';
import { panic } from '../../kernel/kernel-panic.js';
import { kernelStack } from '../../src/report/kernel-stack.js';
import { KernelMachine } from '../support/kernel-machine.js';

describe('the kernel’s part of a stack', () => {
  it('is its functions, innermost first, without what is below the kernel and around it', () => {
    const stack = [
      'Error: panic: kfree',
      '    at panic (file:///x/dist/kernel/kernel-panic.js:9:11)',
      '    at Kalloc.kfree (file:///x/dist/kernel/kalloc.js:60:13)',
      '    at UnlockedCount.subMap [as drop] (file:///x/dist/kernel/bugs/unlocked-count.js:1:2)',
      '    at runHart (file:///x/dist/src/hart/run-loop.js:30:20)',
    ].join('\n');
    expect(kernelStack(stack)).toBe('Kalloc.kfree ← UnlockedCount.subMap');
  });

  it('breaks off when it gets long', () => {
    const frames = Array.from({ length: 20 }, (_, i) => `    at f${i} (/x/kernel/a.js:1:1)`);
    expect(kernelStack(`Error\n${frames.join('\n')}`)).toBe('f0 ← f1 ← f2 ← f3 ← f4 ← f5');
  });

  it('is found in a real panic', () => {
    const machine = KernelMachine.booted();
    const { kalloc } = machine.kernel.parts;
    const stackOf = (work: () => void) => {
      try {
        work();
      } catch (error) {
        return kernelStack((error as Error).stack ?? '');
      }
      return 'it did not throw';
    };
    expect(stackOf(() => kalloc.kfree(1))).toMatch(/^Kalloc\.kfree/);
    expect(stackOf(() => panic('outside'))).toBe('');
  });
});
