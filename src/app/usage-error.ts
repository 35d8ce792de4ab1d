import { BootError } from '../../kernel/kernel-panic.js';

/** The command was wrong: one line that says what and how to mend it, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Turns what a wrong configuration throws into a usage error. On another thread that can only be a RangeError, as a
 * SubjectError is: others lose their class on the way.
 * @param from where the configuration stands, for the head of the line
 */
export async function orUsageError<T>(work: () => Promise<T>, from?: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BootError || error instanceof RangeError)
      throw new UsageError(from === undefined ? error.message : `${from}: ${error.message}`);
    throw error;
  }
}
