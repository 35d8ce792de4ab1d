/** The kernel found its own state broken and cannot go on: xv6's `panic`. */
export class KernelPanic extends Error {
  override readonly name = 'KernelPanic';
  constructor(what: string) {
    super(`panic: ${what}`);
  }
}

export function panic(what: string): never {
  throw new KernelPanic(what);
}

/** The machine is too small, or the program unfit, to start at all: what is wrong and how to mend it, in one line. */
export class BootError extends Error {
  override readonly name = 'BootError';
}
