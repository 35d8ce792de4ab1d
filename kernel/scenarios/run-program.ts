import { CsrFile } from '../../src/hart/csr-file.js';
import { Exit } from '../../src/hart/engine.js';
import type { Hart } from '../../src/hart/hart.js';
import { carryOutSystem, SystemResult } from '../../src/hart/system.js';
import { Next } from '../../src/hart/trap-handler.js';
import { Question, type SharedAccess } from '../../src/memory/access.js';
import { hartBlock } from '../../src/memory/map.js';
import type { Kernel } from '../main.js';
import { readOutcome } from '../statistics.js';
import type { Pacing } from './pacing.js';

/** The smallest budget: an engine looks at it at jumps only, so it comes back after one basic block. */
const ONE_BLOCK = 1;

/** A hart's run loop under a schedule: user code block by block, until the first process has exited. */
export function runProgram(kernel: Kernel, hart: Hart, mem: SharedAccess, pacing: Pacing, next: Next): void {
  // Time stands still in scenarios.
  const csrs = new CsrFile(hart, () => 0n);
  let now = next;
  while (now !== Next.Halt) {
    if (now === Next.Idle) {
      // The bell may have rung for the halt before it was noted: the free run loop looks at its stop word here.
      if (readOutcome(hart.memory.ram, kernel.layout) !== undefined) break;
      pacing.idle(hart);
      now = kernel.interrupt(hart);
      continue;
    }
    pacing.betweenBlocks();
    if (mem.ask(Question.TlbEvicted) !== 0) hart.sfenceVma();
    if (mem.ask(Question.TimerFires) !== 0) {
      now = kernel.interrupt(hart);
      continue;
    }
    hart.budget = ONE_BLOCK;
    const exit = hart.engine.run();
    const trapped = exit === Exit.Trap || (exit === Exit.System && carryOutSystem(hart, csrs) === SystemResult.Trap);
    if (trapped) now = kernel.trap(hart, hart.cause);
  }
  wakeOthers(hart);
}

/** The machine halts: harts that are idle would wait for ever. */
function wakeOthers(hart: Hart): void {
  const { host, map } = hart.memory;
  for (const { block } of map.harts) hartBlock.fields.doorbell.add(host, block, 1);
}
