import { StopRequest } from '../memory/map.js';
import { CsrFile } from './csr-file.js';
import { Exit } from './engine.js';
import { announceBoot, comeUp, parkUntilBell, standStill, waitForBoot } from './gathering.js';
import type { Hart } from './hart.js';
import { requestStop } from './stop-request.js';
import { carryOutSystem, SystemResult } from './system.js';
import { Next, type TrapHandler } from './trap-handler.js';

/** When a hart is interrupted. All times in milliseconds of the same clock. */
export interface Timing {
  now(): number;
  /** Between two timer interrupts of a busy hart. */
  readonly quantum: number;
  /** Guest instructions between two looks at the clock, at most. */
  readonly slice: number;
  /** Traps between two looks, at most: what the supervisor does for the guest takes time, and no instructions. */
  readonly traps: number;
  /** Longest sleep of an idle hart; hart 0, which keeps the time, sleeps a quantum at most. */
  readonly idle: number;
}

/** The host's monotonic clock: the same on every thread, unlike `performance.now`. */
function monotonic(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

/** Ticks of the `time` CSR per millisecond: 10 MHz, as on QEMU's `virt` board. */
export const TICKS_PER_MS = 10_000;

export const REAL_TIME: Timing = { now: monotonic, quantum: 10, slice: 100_000, traps: 50, idle: 1000 };

/**
 * A hart's life: guest code until something needs the supervisor, the supervisor until there is guest code to run.
 * Returns when the machine is asked to stop; throws what the supervisor throws, and `MachineAborted` when another hart died.
 */
export function runHart(hart: Hart, handler: TrapHandler, timing: Timing): void {
  if (!waitForBoot(hart)) return;
  let next = handler.start(hart);
  if (hart.id === 0) announceBoot(hart);
  comeUp(hart);
  const csrs = new CsrFile(hart, () => BigInt(Math.floor(timing.now() * TICKS_PER_MS)));
  let deadline = timing.now() + timing.quantum;
  let traps = 0;
  const beginSlice = () => {
    hart.budget = timing.slice;
    traps = 0;
  };
  beginSlice();
  while (next !== Next.Halt) {
    const request = hart.stopRequest;
    if (request === StopRequest.Pause) standStill(hart);
    else if (request !== StopRequest.Run) return;

    if (next === Next.Idle) {
      parkUntilBell(hart, hart.id === 0 ? Math.min(timing.quantum, timing.idle) : timing.idle);
      deadline = timing.now() + timing.quantum;
      beginSlice();
      next = handler.interrupt(hart);
      continue;
    }
    switch (hart.engine.run()) {
      case Exit.Trap:
        next = handler.trap(hart, hart.cause);
        if (++traps >= timing.traps) hart.budget = 0;
        break;
      case Exit.System:
        // Hosted programs run in U-mode, where wfi is illegal; waiting is a matter of the supervisor's.
        if (carryOutSystem(hart, csrs) === SystemResult.Trap) next = handler.trap(hart, hart.cause);
        break;
      case Exit.Bus:
        // A hosted supervisor has no devices; cause and value say so.
        next = handler.trap(hart, hart.cause);
        break;
      case Exit.Budget:
        beginSlice();
        if (timing.now() >= deadline) {
          deadline = timing.now() + timing.quantum;
          next = handler.interrupt(hart);
        }
        break;
    }
  }
  requestStop(hart.memory, StopRequest.Stop);
}
