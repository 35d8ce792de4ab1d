import { BootError } from '../../kernel/kernel-panic.js';

/** The command was wrong: one line that says what and how to mend it, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Turns what a wrong configuration throws, also on another thread, into a usage error. */
export async function orUsageError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // An error that comes from a thread has lost its class, but not its name.
    const isConfiguration =
      error instanceof BootError || (error instanceof Error && ['BootError', 'RangeError'].includes(error.name));
    if (isConfiguration) throw new UsageError(error.message);
    throw error;
  }
}
