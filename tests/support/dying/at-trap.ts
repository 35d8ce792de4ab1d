import { Kernel } from '../../../kernel/main.js';
import type { HartTask } from '../../../workers/hart.js';

/** Which hart is made to die. */
export const VICTIM = 1;
/** At which of its traps: late enough for everybody to be at work. */
const TRAP = 100;

/** Has the victim do `deed` in the middle of its work, on this thread alone. */
export function atTrap({ hart: victim }: HartTask, deed: () => void): void {
  if (victim !== VICTIM) return;
  const { trap } = Kernel.prototype;
  let left = TRAP;
  Kernel.prototype.trap = function (hart, cause) {
    if (--left === 0) deed();
    return trap.call(this, hart, cause);
  };
}
