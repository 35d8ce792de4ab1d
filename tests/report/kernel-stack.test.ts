import { describe, expect, it } from 'vitest';
import { panic } from '../../kernel/kernel-panic.js';
import { REAL_TIME, runHart } from '../../src/hart/run-loop.js';
import { Next } from '../../src/hart/trap-handler.js';
import { kernelStack } from '../../src/report/kernel-stack.js';
import { KernelMachine } from '../support/kernel-machine.js';

/** What is told of the stack of a hart that died in what `work` does. */
function stackOfDeath(work: (machine: KernelMachine) => void): string {
  const machine = KernelMachine.booted();
  const start = () => {
    work(machine);
    return Next.Halt;
  };
  try {
    runHart(machine.harts[0]!, { start, trap: start, interrupt: start }, REAL_TIME);
  } catch (error) {
    return kernelStack((error as Error).stack ?? '');
  }
  return 'it did not throw';
}

describe('the kernel’s part of a stack', () => {
  it('is its functions, innermost first, without what is below the hart’s loop', () => {
    const stack = [
      'Error: panic: kfree',
      '    at Kalloc.kfree (file:///x/dist/anywhere/kalloc.js:60:13)',
      '    at UnlockedCount.subMap [as drop] (file:///x/unlocked-count.js:1:2)',
      // As a row of a table of functions stands there, which says nothing.
      '    at file:///x/dist/kernel/trap/syscalls.js:30:20',
      '    at runHart (file:///x/dist/src/hart/run-loop.js:30:20)',
      '    at hartThread (file:///x/dist/workers/hart.js:30:20)',
    ].join('\n');
    expect(kernelStack(stack)).toBe('Kalloc.kfree ← UnlockedCount.subMap');
  });

  it('breaks off when it gets long', () => {
    const frames = Array.from({ length: 20 }, (_, i) => `    at f${i} (/x/a.js:1:1)`);
    expect(kernelStack(`Error\n${[...frames, '    at runHart (/x/b.js:1:1)'].join('\n')}`)).toBe(
      'f0 ← f1 ← f2 ← f3 ← f4 ← f5',
    );
  });

  it('begins, of a real panic, with the function that panicked', () => {
    expect(stackOfDeath(({ kernel }) => kernel.parts.kalloc.kfree(1))).toMatch(/^Kalloc\.kfree ← /);
    expect(stackOfDeath(() => panic('here'))).not.toContain('panic');
  });

  it('begins, of an access that no memory answers, with the function that made it', () => {
    expect(stackOfDeath(({ kernel }) => kernel.parts.vm.walk(4, 0, false))).toMatch(/^Vm\.walk ← /);
  });

  it('is empty for what was not thrown under a hart', () => {
    expect(kernelStack(new Error('outside').stack ?? '')).toBe('');
  });
});
