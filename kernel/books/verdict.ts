/** One thing that is wrong with the kernel's state, or with what its processes see. */
export interface Verdict {
  /** Which rule is broken, in words that stay the same from run to run and when the summary is reworded: no frame, pid or count. */
  readonly place: string;
  /** One line, in the kernel's own names. */
  readonly summary: string;
}
