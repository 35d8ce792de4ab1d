import { constants } from 'node:os';

/** Signals that ask a command to end. */
type Interruption = 'SIGINT' | 'SIGTERM';

/** Exit status of a command that a signal ended, as shells have it. */
export function statusOf(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

/** What can be interrupted. */
export interface Interruptible {
  /** Asks it to come to an end. */
  stop(): void;
  /** Whether it is making threads, so that a proper exit could crash: Node 20 does when a thread ends while it loads modules. */
  readonly isStarting: boolean;
  /** The process is about to end where it stands: gives back what it has of the terminal. */
  leave(): void;
}

/**
 * While `work` runs, the first SIGINT (Ctrl-C) or SIGTERM stops `what`, and the second ends the process at once.
 * The signal that came, if one did.
 */
export async function interruptible(what: Interruptible, work: () => Promise<void>): Promise<Interruption | undefined> {
  let came: Interruption | undefined;
  const interrupt = (signal: Interruption) => {
    if (came !== undefined) endAtOnce(signal);
    came = signal;
    what.stop();
  };
  const ignore = () => process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  const endAtOnce = (signal: Interruption) => {
    what.leave();
    if (!what.isStarting) process.exit(statusOf(signal));
    // Nobody listens any more, so the signal itself ends the process, which shells tell by the same number.
    ignore();
    process.kill(process.pid, signal);
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    await work();
  } finally {
    ignore();
  }
  return came;
}
