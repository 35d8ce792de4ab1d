/** Frames that a line shows before it breaks off. */
const SHOWN = 6;

/**
 * The kernel's functions on a JavaScript stack, innermost first: `Kalloc.kfree ← Vm.uvmunmap ← Lifecycle.exit`. Empty
 * when the error was not thrown under the kernel.
 *
 * @param stack an error's `stack`
 */
export function kernelStack(stack: string): string {
  const names = stack.split('\n').flatMap((line) => {
    const frame = /^\s+at (?:new )?(\S+)(?: \[as \S+\])? \(.*[\\/]kernel[\\/][^)]*\)$/.exec(line);
    return frame === null || frame[1] === 'panic' ? [] : [frame[1]!];
  });
  return names.slice(0, SHOWN).join(' ← ');
}
