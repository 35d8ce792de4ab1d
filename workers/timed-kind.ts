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

/** What a kind takes to run, made once for all threads; structured-cloneable. */
export type Prepared = WebAssembly.Module | undefined;

/** A kind before there is a machine. */
export interface KindOfRun {
  readonly room: TimedRoom;
  prepare(): Prepared;
  open(memory: SharedMemory, prepared: Prepared): TimedKind;
}

/** Loads no more than the kind needs: a thread that contends for a lock needs no kernel and no engine, and starts sooner. */
export async function timedKind(kind: TimedRun['kind']): Promise<KindOfRun> {
  if (kind === 'contention') return (await import('./contention-runs.js')).contentionKind;
  return (await import('./work-runs.js')).workKind;
}
