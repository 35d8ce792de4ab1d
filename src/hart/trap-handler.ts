import type { Hart } from './hart.js';

/** What a hart does after its supervisor returns. */
export const Next = {
  /** Go on in guest code, at the hart's pc. */
  Run: 0,
  /** Nothing to run: park until the doorbell rings or the next timer is due, then call `interrupt`. */
  Idle: 1,
  /** The machine has nothing left to do: stop every hart. */
  Halt: 2,
} as const;
export type Next = (typeof Next)[keyof typeof Next];

/**
 * The supervisor behind a hart: our hosted kernel, or the hart's own trap vector (Privileged ISA §3.1.6) when a guest
 * kernel runs. Nothing below this interface may know which. Called on the hart's own thread.
 */
export interface TrapHandler {
  /** The hart has come up. Hart 0 is called first and alone; the rest after it returned. */
  start(hart: Hart): Next;
  /** A synchronous exception: `cause` as in xcause, pc and value (xtval) in the hart. */
  trap(hart: Hart, cause: number): Next;
  /** The timer is due, or the doorbell rang while the hart was idle. */
  interrupt(hart: Hart): Next;
}
