import type { TraceEvent } from '../memory/trace-event.js';
import type { Finding } from './finding.js';

export interface FramesAtStart {
  /** By frame, the physical addresses of the page table entries that map it. */
  readonly mappedBy: ReadonlyMap<number, readonly number[]>;
  readonly free: ReadonlySet<number>;
}

/** What observers need to know of the machine, and no more: they know no kernel. */
export interface ObserverContext {
  readonly harts: number;
  /** Bytes of RAM. */
  readonly ramSize: number;
  /** The name of an address: `kmem.freelist`, `refs[0x7f3]`. */
  describe(address: number): string;
  /** The lock that a word is declared to be guarded by, if it is declared. */
  guardOf(address: number): number | undefined;
  /** Locks under which the allocator touches the link words of free frames. */
  readonly allocatorLocks: readonly number[];
  /** How the frames were used when every run begins. */
  readonly atStart: FramesAtStart;
  /** Pids of the processes that the harts run when every run begins; 0: none. */
  readonly pidsAtStart: readonly number[];
}

/**
 * Looks at a run as it was traced, event by event. Observers are folds over the trace: they cannot disturb the run, and
 * any of them can be left out.
 */
export interface Observer {
  readonly name: string;
  /** It looks at no accesses, only at what the kernel tells. */
  readonly notesOnly?: boolean;
  /** A new run begins. */
  begin(): void;
  /** `index` is the event's place in the trace. The event is good until the next: keep what you need of it. */
  observe(event: TraceEvent, index: number): void;
  /** What was found, in the order in which it happened. */
  findings(): readonly Finding[];
}

export type ObserverFactory = (context: ObserverContext) => Observer;
