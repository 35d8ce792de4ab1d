/** The kernel found its own state broken and cannot go on: xv6's `panic`. */
export class KernelPanic extends Error {
  override readonly name = 'KernelPanic';
  /** @param place which check it is, in words that stay the same from run to run */
  constructor(
    what: string,
    readonly place = what,
  ) {
    super(`panic: ${what}`);
    // Its stack begins with whoever panicked.
    Error.captureStackTrace(this, panic);
  }
}

/** `what`: as xv6 words it; `place` where that is not the same every time. */
export function panic(what: string, place = what): never {
  throw new KernelPanic(what, place);
}

/** The machine is too small, or the program unfit, to start at all: what is wrong and how to mend it, in one line. */
export class BootError extends Error {
  override readonly name = 'BootError';
}
