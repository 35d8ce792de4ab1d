import { runHart } from '../hart/run-loop.js';
import { isNamed, supervisorFrames } from '../memory/call-stack.js';

/** Functions that a line shows before it breaks off. */
const SHOWN = 6;

/**
 * The kernel's functions on the stack of a free-running hart, those with a name, innermost first: `Kalloc.kfree ← Vm.uvmunmap ←
 * Lifecycle.exit`. Empty when the error was not thrown under the kernel.
 *
 * @param stack an error's `stack`
 */
export function kernelStack(stack: string): string {
  const names = supervisorFrames(stack, runHart)
    .filter(isNamed)
    .map(({ name }) => name);
  return names.slice(0, SHOWN).join(' ← ');
}
