import { Exit } from '../hart/engine.js';
import type { Hart } from '../hart/hart.js';
import { Cause } from '../isa/causes.js';

/**
 * The number of a system call that no kernel has, by which a program speaks to whoever explores the kernel below it: a0 is a
 * `Mark`, a1 what there is to say of it. The kernel never sees the call; where nobody explores, it answers -1 as to any other
 * that it does not know.
 */
export const MARK_CALL = 0x6862;

/** What a program says. */
export const Mark = {
  /** What comes next is what is explored: every run begins here. */
  Begin: 1,
  /** All that was to be explored has been done. */
  Done: 2,
  /** Something is not as it must be: a1 says what. */
  Wrong: 3,
} as const;
export type Mark = (typeof Mark)[keyof typeof Mark];

const ECALL_SIZE = 4;
const [A0, A1, A7] = [10, 11, 17] as const;

/** A program's mark, and what it says of it. */
export interface Marked {
  readonly mark: number;
  readonly detail: number;
}

/** The mark that the hart's exit is, which the hart then has behind it; undefined: it is none. */
export function takeMark(hart: Hart, exit: Exit): Marked | undefined {
  if (exit !== Exit.Trap || hart.cause !== Cause.UserEcall || hart.getNumber(A7) !== MARK_CALL) return undefined;
  const marked = { mark: hart.getNumber(A0), detail: hart.getNumber(A1) };
  hart.retire(ECALL_SIZE);
  return marked;
}
