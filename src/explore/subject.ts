import type { Question } from '../memory/access.js';
import type { SharedMemory } from '../memory/shared-memory.js';
import type { Complaint } from '../races/finding.js';
import type { ObserverContext } from '../races/observer.js';
import type { ControlledAccess } from '../schedule/controlled-access.js';
import type { Player } from '../schedule/participant.js';
import type { Outcome } from './outcome.js';

/**
 * What is explored: a supervisor and what its harts do, from one beginning. The explorer knows no kernel; everything that
 * it has to know of one stands here. All on the thread of hart 0, which coordinates.
 */
export interface Subject {
  /** What it is, for the head of a report: `fault-fault, design page-map-lock (sound)`. */
  readonly title: string;
  /** Set up: where every run begins. */
  readonly memory: SharedMemory;
  /** What a schedule may answer otherwise than with the ordinary course of things. */
  readonly questions: readonly Question[];
  /**
   * Whether runs that did the same accesses in the same order, with the same answers, left the same memory: not where
   * guest code runs, which does more than its trace tells.
   */
  readonly traceTellsAll: boolean;
  /** RAM that runs change without a trace, such as statistics. Put back before every run, beside what the trace says. */
  readonly untraced: readonly MemoryRange[];
  /**
   * Words that harts contend for, where runs without preemption may not show it: that somebody waits in a queue. Absent:
   * such runs show all of them.
   */
  readonly contended?: readonly number[];
  /** New names, which know nothing yet of page tables. */
  names(): Names;
  /** The lock that a word belongs to: whoever waits for the word waits for that. */
  lockAt(address: number): Lock | undefined;
  /** What observers must know of the beginning. */
  context(): ObserverContext;
  /**
   * What is held against the memory at rest, after a run that came to its end.
   * @param written frames (physical addresses) that the run may have changed; all others are as at the beginning
   */
  complaints(written: ReadonlySet<number>): readonly Complaint[];
  /**
   * Puts back what the subject keeps outside RAM, the control block and the hart blocks: devices, a disk. Before every run;
   * absent where there is nothing.
   */
  restore?(): void;
  /**
   * What the subject's books hold against the memory between two accesses, while operations in flight hold these frames;
   * absent where nobody keeps books.
   */
  audit?(holds: ReadonlyMap<number, number>): readonly Complaint[];
  /**
   * What a user could see of the memory at rest, for the serial oracle; absent where nobody can tell. It leaves RAM as it was.
   * @param written as of `complaints`
   */
  outcome?(written: ReadonlySet<number>): Outcome;
  /** Allocations that may fail for want of memory where in no serial order they do: two that are under way have a part each of what is left. */
  readonly mayFail?: number;
}

export interface MemoryRange {
  readonly start: number;
  readonly bytes: number;
}

/** Names of addresses, for reports. */
export interface Names {
  describe(address: number): string;
  /** The virtual page, by its first address, whose leaf entry in some page table stands there; undefined: none that is known. */
  pageOfEntry(address: number): number | undefined;
  /** Takes up page tables as they are now; what they were before stays known. */
  look(): void;
}

/** A lock, whatever that is: the words are the subject's. */
export interface Lock {
  /** What is said to be waited for, whichever of the lock's words it is. */
  readonly name: string;
  /** Who holds it when the word that waiters watch has this value; undefined: nobody, or the value does not tell. */
  holder(value: number): number | undefined;
}

/** One hart of a subject, on the hart's own thread: its part of one run. Nothing may be remembered from a run before, which may have been cut short. */
export type SubjectHart = Player;

/** What a machine for a subject has. */
export interface MachineShape {
  readonly harts: number;
  /** RAM in MiB. */
  readonly memory: number;
  /** Bytes for devices and for a disk, as `MapConfig` has them; absent: there are none. */
  readonly devices?: number;
  readonly disk?: number;
}

/** Makes subjects of one kind. The configuration is structured-cloneable and the same on every thread. */
export interface SubjectKind<C = unknown> {
  /** As failure files call it. */
  readonly kind: string;
  /** Whether a value from elsewhere, a failure file for one, is a configuration. Throws `SubjectError` for one that is not. */
  parse(value: unknown): C;
  shape(config: C): MachineShape;
  /** Brings memory, which is all zero, to where every run begins. Throws `SubjectError` where that cannot be. */
  open(config: C, memory: SharedMemory): Subject;
  hart(config: C, memory: SharedMemory, id: number, access: ControlledAccess): SubjectHart;
}

/** Which subject: what a failure file and a task for a thread hold of it. */
export interface SubjectChoice {
  readonly kind: string;
  readonly config: unknown;
}

/** There is no such subject: what is wrong and how to mend it, in one line. A RangeError, because only those keep their class between threads. */
export class SubjectError extends RangeError {}
