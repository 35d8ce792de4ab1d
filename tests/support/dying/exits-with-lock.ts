import { kmem } from '../../../kernel/layout.js';
import { Spinlocks } from '../../../kernel/locks/spinlock.js';
import { Kernel } from '../../../kernel/main.js';
import hartThread, { type HartEnd, type HartTask } from '../../../workers/hart.js';
import { VICTIM } from './at-trap.js';

/** At which acquisition of kmem.lock the victim dies. */
const ACQUISITION = 50;

/** The victim's thread exits while it holds the lock that every other hart needs at once. */
export default function dyingHart(task: HartTask): HartEnd {
  if (task.hart === VICTIM) dieWithLock();
  return hartThread(task);
}

function dieWithLock(): void {
  const { start } = Kernel.prototype;
  Kernel.prototype.start = function (hart) {
    dieHolding(kmem.fields.lock.at(this.layout.kmems[0]!));
    return start.call(this, hart);
  };
}

function dieHolding(lock: number): void {
  const { acquire } = Spinlocks.prototype;
  let left = ACQUISITION;
  Spinlocks.prototype.acquire = function (wanted) {
    acquire.call(this, wanted);
    if (wanted === lock && --left === 0) process.exit(3);
  };
}
