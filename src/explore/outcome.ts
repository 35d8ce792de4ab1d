/** Something about the end of a run that a user could see. */
export interface Fact {
  /** What kind of thing it is, in words that are the same in every run: `content of a page`. */
  readonly about: string;
  /** Which of them, by a name that does not depend on frames, slots or harts: `pid 2, page 0x1000`. */
  readonly of: string;
  readonly is: string;
}

/** All that a user could see of a run that has come to its end: equal for runs that a user cannot tell from one another. Structured-cloneable. */
export type Outcome = readonly Fact[];

/** The same for equal outcomes, and for no others. */
export function keyOf(outcome: Outcome): string {
  return outcome.map(({ about, of, is }) => `${about}\t${of}\t${is}`).join('\n');
}

/** Where two outcomes part. */
export interface Difference {
  readonly about: string;
  readonly of: string;
  /** Absent: there is no such thing in that outcome. */
  readonly is?: string;
  readonly other?: string;
}

export function differences(outcome: Outcome, other: Outcome): Difference[] {
  const found: Difference[] = [];
  const rest = new Map(other.map((fact) => [nameOf(fact), fact]));
  for (const fact of outcome) {
    const { about, of, is } = fact;
    const same = rest.get(nameOf(fact));
    rest.delete(nameOf(fact));
    if (same === undefined) found.push({ about, of, is });
    else if (same.is !== is) found.push({ about, of, is, other: same.is });
  }
  for (const { about, of, is } of rest.values()) found.push({ about, of, other: is });
  return found;
}

function nameOf({ about, of }: Fact): string {
  return `${about}\t${of}`;
}
