import type { Board } from '../../hart/board.js';
import type { CsrFile } from '../../hart/csr-file.js';
import { Exit } from '../../hart/engine.js';
import type { Hart } from '../../hart/hart.js';
import { carryOutSystem, SystemResult } from '../../hart/system.js';
import { enterException } from '../../hart/trap-entry.js';
import type { HartMemory } from '../hart-memory.js';
import { Breakpoints } from './breakpoints.js';
import { nextInstructions } from './next-instructions.js';

/** Instructions that an engine may begin at a time: it comes back at the breakpoint behind the first. */
const BUDGET = 2;

/**
 * One instruction of a hart whose own thread stands still, on this one. Engines look at their budget at jumps only, so the hart is
 * held by breakpoints at the instructions that may follow. Interrupts wait.
 */
export function stepInstruction(hart: Hart, memory: HartMemory, board: Board, csrs: CsrFile): void {
  const bytes = Buffer.alloc(4);
  bytes.set(memory.read(hart.pc, bytes.length));
  const next = nextInstructions(hart, bytes.readInt32LE());
  // One that jumps to itself has done so.
  if (next.length === 1 && next[0] === hart.pc) return;
  const { budget } = hart;
  const stops = new Breakpoints(hart.memory);
  for (const address of next) {
    const at = memory.translate(address);
    if (address !== hart.pc && at !== undefined) stops.set(at);
  }
  hart.engine.flushCode();
  runOnce(hart, next, board, csrs);
  stops.clearAll();
  hart.engine.flushCode();
  hart.budget = budget;
}

function runOnce(hart: Hart, next: readonly bigint[], board: Board, csrs: CsrFile): void {
  const start = hart.pc;
  for (;;) {
    hart.budget = BUDGET;
    switch (hart.engine.run()) {
      case Exit.Trap:
        // At one of the breakpoints, or where the next instruction cannot be fetched: that is for the next step.
        if (hart.pc === start || !next.includes(hart.pc)) enterException(hart, hart.cause, hart.trapValue);
        return;
      case Exit.System:
        if (hart.pc !== start) return;
        if (carryOutSystem(hart, csrs) === SystemResult.Trap) enterException(hart, hart.cause, hart.trapValue);
        return;
      case Exit.Bus: {
        const loaded = access(hart, board);
        if (loaded === undefined) {
          enterException(hart, hart.cause, hart.trapValue);
          return;
        }
        hart.answerBus(loaded);
        break;
      }
      case Exit.Budget:
        // A branch to itself that is taken leaves by its budget.
        if (hart.pc === start) return;
        break;
    }
  }
}

function access(hart: Hart, board: Board): bigint | undefined {
  const { address, size, stores } = hart.bus;
  if (!stores) return board.load(address, size);
  return board.store(address, size, BigInt.asUintN(size * 8, hart.busValue)) ? 0n : undefined;
}
