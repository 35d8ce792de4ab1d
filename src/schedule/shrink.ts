/**
 * The smallest set of switches that still makes a failure happen: delta debugging (Zeller and Hildebrandt, TSE 2002)
 * over the entries of a plan, and then a pass that proves every entry left is needed.
 */
export interface Shrunk<T> {
  readonly kept: readonly T[];
  /** Runs that were tried. */
  readonly trials: number;
  /** True when removing any one entry was tried and made the failure go away. */
  readonly minimal: boolean;
}

/**
 * @param fails runs with only these entries; true when the same failure comes back
 * @param limit most trials
 */
export function shrink<T>(entries: readonly T[], fails: (entries: readonly T[]) => boolean, limit: number): Shrunk<T> {
  let kept = entries;
  let trials = 0;
  const stillFails = (candidate: readonly T[]) => {
    trials++;
    return fails(candidate);
  };
  for (let chunks = 2; kept.length >= 2 && trials < limit; ) {
    const smaller = complements(kept, chunks).find((candidate) => trials < limit && stillFails(candidate));
    if (smaller !== undefined) {
      kept = smaller;
      chunks = Math.max(2, chunks - 1);
    } else if (chunks >= kept.length) break;
    else chunks = Math.min(kept.length, chunks * 2);
  }
  // One at a time until none can go: what is left is 1-minimal.
  let minimal = false;
  while (!minimal && trials < limit) {
    const smaller = complements(kept, kept.length).find((candidate) => stillFails(candidate));
    if (smaller === undefined) minimal = true;
    else kept = smaller;
  }
  return { kept, trials, minimal };
}

/** The list without each of `chunks` equal parts, in turn. */
function complements<T>(entries: readonly T[], chunks: number): T[][] {
  const size = Math.ceil(entries.length / Math.max(1, chunks));
  const out: T[][] = [];
  for (let start = 0; start < entries.length; start += size)
    out.push([...entries.slice(0, start), ...entries.slice(start + size)]);
  return out;
}
