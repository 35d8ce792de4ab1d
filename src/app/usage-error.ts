import { BootError } from '../../kernel/kernel-panic.js';

/** The command was wrong: one line that says what and how to mend it, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Turns what a wrong configuration throws into a usage error. On another thread that can only be a RangeError: others lose
 * their class on the way, so whether there is such a kernel is to be asked here, of `partsOf`.
 */
export async function orUsageError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BootError || error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}
