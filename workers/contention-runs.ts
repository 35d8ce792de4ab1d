import {
  beginContention,
  CONTENTION_LINES,
  CONTENTION_MEMORY,
  ContendingHart,
  type ContentionConfig,
  contentionRecord,
  everyAcquisition,
  onlyEnds,
  timeOf,
} from '../kernel/scenarios/contention.js';
import type { SharedMemory } from '../src/memory/shared-memory.js';
import type { KindOfRun, TimedKind } from './timed-kind.js';

export const contentionKind: KindOfRun = {
  room: { memory: CONTENTION_MEMORY, lines: CONTENTION_LINES },
  prepare: () => undefined,
  open: (memory) => contentionRuns(memory) as TimedKind,
};

/** Harts that contend for one lock. */
function contentionRuns(memory: SharedMemory): TimedKind<ContentionConfig> {
  return {
    begin: () => {
      beginContention(memory);
      return 0;
    },
    player: (run, _at, hart, access) =>
      new ContendingHart(
        run,
        hart,
        access,
        everyAcquisition(memory, () => access.turn.now),
      ),
    result: (run) => contentionRecord(run, memory),
    freePlayer: (run, _at, hart, nanoseconds) =>
      new ContendingHart(run, hart, memory.ram, onlyEnds(run, memory, nanoseconds)),
    freeResult: (run) => timeOf(run, memory),
  };
}
