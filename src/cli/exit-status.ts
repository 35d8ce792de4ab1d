/** Exit statuses of every command, as README.md has them. `run` returns its program's instead, unless the machine failed. */
export const ExitStatus = {
  /** All held. */
  Held: 0,
  /** A failure was found. */
  Failed: 1,
  /** The command was wrong, and nothing was run. */
  Usage: 2,
} as const;
