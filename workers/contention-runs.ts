import {
  beginContention,
  CONTENTION_LINES,
  CONTENTION_MEMORY,
  ContendingHart,
  type ContentionConfig,
  contentionRecord,
} from '../kernel/scenarios/contention.js';
import type { SharedMemory } from '../src/memory/shared-memory.js';
import type { TimedKind, TimedRoom } from './timed-kind.js';

export const contentionRoom: TimedRoom = { memory: CONTENTION_MEMORY, lines: CONTENTION_LINES };

/** Harts that contend for one lock. */
export function contentionRuns(memory: SharedMemory): TimedKind<ContentionConfig> {
  return {
    begin: () => {
      beginContention(memory);
      return 0;
    },
    player: (run, _at, hart, access) => new ContendingHart(run, memory, hart, access),
    result: (run) => contentionRecord(run, memory),
  };
}
