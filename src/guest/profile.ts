/** A function by its name in the symbol table. */
export interface NamedFunction {
  readonly name: string;
  /** Which of its arguments is the lock or frame: 0 to 7, in a0 to a7. */
  readonly argument: number;
}

/** Which functions of a kernel mean what to those who watch it: several, one, or none of a role. */
export interface Profile {
  /** Takes a lock, whose address is its argument, and has it when it returns. */
  readonly acquire: readonly NamedFunction[];
  /** Lets go of a lock, whose address is its argument. */
  readonly release: readonly NamedFunction[];
  /** Returns a free frame, or 0. */
  readonly allocate: readonly NamedFunction[];
  /** Takes back a frame, whose address is its argument. */
  readonly free: readonly NamedFunction[];
  /** Says that the kernel cannot go on. */
  readonly panic: readonly NamedFunction[];
  /** Looks for something to run: a hart that is in it, and in nothing that it called, has nothing to do. */
  readonly idle: readonly NamedFunction[];
  /** C's memset: its arguments are where, the byte, and how many. One step of a controlled run, as the loop in it means nothing. */
  readonly fill: readonly NamedFunction[];
  /** C's memmove or memcpy: where to, where from, and how many bytes. */
  readonly copy: readonly NamedFunction[];
}

export type Role = keyof Profile;
export const roles: readonly Role[] = ['acquire', 'release', 'allocate', 'free', 'panic', 'idle', 'fill', 'copy'];

/** xv6-riscv, and everything that grew from it. */
export const XV6_PROFILE: Profile = {
  acquire: [{ name: 'acquire', argument: 0 }],
  release: [{ name: 'release', argument: 0 }],
  allocate: [{ name: 'kalloc', argument: 0 }],
  free: [{ name: 'kfree', argument: 0 }],
  panic: [{ name: 'panic', argument: 0 }],
  idle: [{ name: 'scheduler', argument: 0 }],
  fill: [{ name: 'memset', argument: 0 }],
  copy: [
    { name: 'memmove', argument: 0 },
    { name: 'memcpy', argument: 0 },
  ],
};

/** What is wrong with a profile and how to mend it, in one line. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';

  /** @param message may quote what came from outside, with ends of lines in it */
  constructor(message: string) {
    super(message.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' '));
  }
}
