import { distance } from 'fastest-levenshtein';

/** Longer lists fill the line that should say what is wrong. */
const MOST_LISTED = 12;
const MOST_MEANT = 3;
/** How much of a name may be mistyped: one letter in so many. */
const LETTERS_PER_MISTAKE = 3;

/**
 * One line for a name that nothing has: all that there are, or, where those are many, the nearest and what lists them.
 * @param lists a sentence's end; not given: the command that is called as the kind is
 */
export function noSuch(kind: string, name: string, all: readonly string[], lists?: string): string {
  const what = `there is no ${kind} '${name}'`;
  if (all.length <= MOST_LISTED) return `${what}; there are: ${all.join(', ')}`;
  const meant = nearest(name, all);
  const guess = meant.length === 0 ? ';' : `; did you mean ${meant.join(', or ')}?`;
  return `${what}${guess} ${lists ?? `\`hartbreak ${kind}s\` lists all ${all.length}`}`;
}

const LEAST_PART = 3;

function isPart(part: string, name: string): boolean {
  return part.length >= LEAST_PART && name.includes(part);
}

/** The names that somebody who wrote this can have meant, the likeliest first. */
function nearest(name: string, all: readonly string[]): string[] {
  const most = Math.max(1, Math.floor(name.length / LETTERS_PER_MISTAKE));
  const near = all
    .map((other) => ({ other, mistakes: isPart(name, other) ? 0 : distance(name, other) }))
    .filter(({ mistakes }) => mistakes <= most)
    .toSorted((a, b) => a.mistakes - b.mistakes);
  return near.slice(0, MOST_MEANT).map(({ other }) => other);
}
