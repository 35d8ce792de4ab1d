import type { ContentionConfig, ContentionRecord } from '../kernel/scenarios/contention.js';
import type { WorkConfig, WorkOutcome } from '../kernel/scenarios/kernel-work.js';
import type { SharedMemory } from '../src/memory/shared-memory.js';
import type { ControlledAccess } from '../src/schedule/controlled-access.js';
import type { Player } from '../src/schedule/participant.js';

/** What harts do in one run. Structured-cloneable. */
export type TimedRun = ({ readonly kind: 'contention' } & ContentionConfig) | ({ readonly kind: 'work' } & WorkConfig);

/** What a run in virtual time comes to, by its kind. */
export interface TimedResults {
  readonly contention: ContentionRecord;
  readonly work: WorkOutcome;
}

/** One kind of run on one thread of a machine for it. */
export interface TimedKind<R = TimedRun> {
  /** Puts the memory to where the run begins, on the thread of hart 0. What the other harts have to know: an address. */
  begin(run: R): number;
  /** What one hart does in it. */
  player(run: R, at: number, hart: number, access: ControlledAccess): Player;
  /** Of the run that has just ended. */
  result(run: R, at: number): TimedResults[keyof TimedResults];
  /** The same in free running, by a real clock. @param nanoseconds of a clock that all threads share */
  freePlayer(run: R, at: number, hart: number, nanoseconds: () => number): Player;
  /** Operations that were measured then, and how many nanoseconds they took. */
  freeResult(run: R, at: number): { readonly operations: number; readonly time: number };
}

/** MiB of RAM, and cache lines that a run may touch. */
export interface TimedRoom {
  readonly memory: number;
  readonly lines: number;
}

/** Loads no more than the kind needs: a thread that contends for a lock needs no kernel and no engine, and starts sooner. */
export async function timedKind(
  kind: TimedRun['kind'],
): Promise<{ readonly room: TimedRoom; open(memory: SharedMemory): TimedKind }> {
  if (kind === 'contention') {
    const { contentionRoom, contentionRuns } = await import('./contention-runs.js');
    return { room: contentionRoom, open: (memory) => contentionRuns(memory) as TimedKind };
  }
  const { workRoom, workRuns } = await import('./work-runs.js');
  return { room: workRoom, open: (memory) => workRuns(memory) as TimedKind };
}
