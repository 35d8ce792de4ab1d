import type { Question } from '../../src/memory/access.js';
import type { Verdict } from '../books/verdict.js';
import type { Stage } from './stage.js';
import type { User } from './user.js';

/** A small situation in which harts meet. Every schedule of it starts with the same memory. */
export type Scenario = Duel | ProgramScenario;

interface Situation {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly harts: number;
  /** What a machine must have at least; it gets that even where less was asked for. Memory in MiB. */
  readonly needs?: { readonly memory?: number; readonly processes?: number };
  /** The interface that its users expect; not given: the default. */
  readonly abi?: string;
  /** Questions that a schedule may answer other than with the ordinary course of things, and `verify` still holds. */
  readonly questions?: readonly Question[];
  /**
   * Operations that run out of memory where one after the other they would not: two that are under way may each have a part
   * of what is left. As many of their allocations may fail in what the serial oracle compares a run with.
   */
  readonly mayFail?: number;
  /** The serial oracle is its check, and is on unless it is switched off. */
  readonly oracle?: true;
  /** Looks at the machine at rest after the run: what a user program would hold against the content of its memory. */
  verify?(stage: Stage): readonly Verdict[];
  /** And what it would hold against the outcome of its system calls. */
  outcome?(stage: Stage): readonly Verdict[];
}

/** The kernel with users that are played. */
export interface Duel extends Situation {
  readonly program?: undefined;
  /** What is on the disk; without it, the machine has none. */
  readonly disk?: Uint8Array;
  /**
   * Boots, starts processes, and leaves each hart with the process that it plays: brings the machine, on one thread and
   * uncontrolled, to the point where it becomes interesting.
   */
  setup(stage: Stage): void;
  /** What each hart does from there, by hart number. */
  readonly parts: readonly ((user: User) => void)[];
}

/** The kernel with real user code, on as many harts as are asked for; `harts` otherwise. */
export interface ProgramScenario extends Situation {
  readonly disk?: undefined;
  /** What the first process runs: the name and arguments of a user program. */
  readonly program: readonly string[];
}
