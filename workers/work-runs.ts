import {
  beginWork,
  outcomeOf,
  WORK_LINES,
  WORK_MEMORY,
  type WorkConfig,
  WorkingHart,
} from '../kernel/scenarios/kernel-work.js';
import { compileInterpreter } from '../src/interpreter/compile-interpreter.js';
import { hartParts } from '../src/machine/hart-parts.js';
import type { SharedMemory } from '../src/memory/shared-memory.js';
import type { KindOfRun, TimedKind } from './timed-kind.js';

export const workKind: KindOfRun = {
  room: { memory: WORK_MEMORY, lines: WORK_LINES },
  prepare: () => compileInterpreter(),
  open: (memory, interpreter) => workRuns(memory, interpreter!) as TimedKind,
};

/** Harts that call the kernel. */
function workRuns(memory: SharedMemory, interpreter: WebAssembly.Module): TimedKind<WorkConfig> {
  const parts = hartParts(memory, interpreter);
  return {
    begin: (run) => {
      memory.clear();
      return beginWork(run, memory, parts);
    },
    player: (run, at, hart, access) => new WorkingHart(run, memory, hart, access, parts, at, () => access.turn.now),
    result: (run, at) => outcomeOf(run, memory, at),
    freePlayer: (run, at, hart, nanoseconds) => new WorkingHart(run, memory, hart, memory.ram, parts, at, nanoseconds),
    freeResult: (run, at) => outcomeOf(run, memory, at),
  };
}
