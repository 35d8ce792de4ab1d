import {
  beginContention,
  ContendingHart,
  type ContentionConfig,
  type ContentionRecord,
  contentionRecord,
} from '../kernel/scenarios/contention.js';
import {
  beginWork,
  outcomeOf,
  type WorkConfig,
  WorkingHart,
  type WorkOutcome,
} from '../kernel/scenarios/kernel-work.js';
import type { HartParts } from '../kernel/scenarios/stage.js';
import type { SharedMemory } from '../src/memory/shared-memory.js';
import type { ControlledAccess } from '../src/schedule/controlled-access.js';
import type { Player } from '../src/schedule/participant.js';

/** What harts do in one run. Structured-cloneable. */
export type TimedRun = ({ readonly kind: 'contention' } & ContentionConfig) | ({ readonly kind: 'work' } & WorkConfig);

/** A run that has been set up: what every hart's thread has to know. */
export interface BegunRun {
  readonly run: TimedRun;
  /** Address of what `beginWork` returned; 0 for contention. */
  readonly at: number;
}

/** Puts the memory to where the run begins. */
export function beginRun(run: TimedRun, memory: SharedMemory, parts: HartParts): BegunRun {
  if (run.kind === 'work') {
    memory.clear();
    return { run, at: beginWork(run, memory, parts) };
  }
  beginContention(memory);
  return { run, at: 0 };
}

/** What one hart does in it. */
export function playerOf(
  { run, at }: BegunRun,
  memory: SharedMemory,
  hart: number,
  access: ControlledAccess,
  parts: HartParts,
): Player {
  if (run.kind === 'contention') return new ContendingHart(run, memory, hart, access);
  return new WorkingHart(run, memory, hart, access, parts, at, () => access.turn.now);
}

/** Of the last run, by its kind. */
export interface TimedResults {
  readonly contention: ContentionRecord;
  readonly work: WorkOutcome;
}

export function resultOf({ run, at }: BegunRun, memory: SharedMemory): TimedResults[keyof TimedResults] {
  return run.kind === 'contention' ? contentionRecord(run, memory) : outcomeOf(run, memory, at);
}
