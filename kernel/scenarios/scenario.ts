import type { Question } from '../../src/memory/access.js';
import type { Stage } from './stage.js';
import type { User } from './user.js';

/**
 * A small situation in which harts meet. `setup` brings the machine to the point where it becomes interesting, on one
 * thread and uncontrolled; from there on every schedule starts with the same memory, and each hart does its part.
 */
export interface Scenario {
  readonly name: string;
  /** One line. */
  readonly summary: string;
  readonly harts: number;
  /** What a machine must have at least; it gets that even where less was asked for. Memory in MiB. */
  readonly needs?: { readonly memory?: number; readonly processes?: number };
  /** What is on the disk; without it, the machine has none. */
  readonly disk?: Uint8Array;
  /** The first process runs this user program, really: its name and arguments. Without it, `parts` play the users. */
  readonly program?: readonly string[];
  /** Questions that a schedule may answer other than with the ordinary course of things, and `verify` still holds. */
  readonly questions?: readonly Question[];
  /** Boots, starts processes, and leaves each hart with the process that it plays. */
  setup(stage: Stage): void;
  /** What each hart does, by hart number. */
  readonly parts: readonly ((user: User) => void)[];
  /** Looks at the machine at rest after the run: what a user program would hold against the content of its memory. */
  verify?(stage: Stage): string[];
  /** And what it would hold against the outcome of its system calls. */
  outcome?(stage: Stage): string[];
}
