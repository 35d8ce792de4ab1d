/** Of a decade: where figures are far apart, and where they are within one. */
const COARSE = [1, 2, 5];
const FINE = [1, 1.5, 2, 3, 4, 5, 6, 8];
const CLOSE = 6;

/** Round numbers from at most `least` to at least `most`, as 50, 100, 200, 500; both above 0. */
export function roundSteps(least: number, most: number): number[] {
  const steps = [];
  for (let decade = Math.floor(Math.log10(least)) - 1; 10 ** decade <= most * 10; decade += 1)
    for (const step of most / least < CLOSE ? FINE : COARSE) steps.push(Number((step * 10 ** decade).toPrecision(2)));
  const first = steps.findLastIndex((step) => step <= least);
  const last = steps.findIndex((step) => step >= most);
  // One value alone is no axis.
  return first === last ? steps.slice(first - 1, last + 2) : steps.slice(first, last + 1);
}

/** Above this many, only decades have a label. */
const MOST_LABELS = 7;

/** Of an axis from the first to the last of the steps. */
export function labelledSteps(steps: readonly number[]): number[] {
  const decades = steps.filter((step) => isWhole(Math.log10(step)));
  return steps.length > MOST_LABELS && decades.length >= 2 ? decades : [...steps];
}

/** As far as logarithms can tell. */
function isWhole(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-9;
}

/** 1500 → `1.5k`, 2000000 → `2M`. */
export function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  return value >= 1000 ? `${Number((value / 1000).toPrecision(3))}k` : String(Number(value.toPrecision(3)));
}

/** Above this many, only powers of two have a label. */
const MOST_COUNTS = 8;

/** The numbers of harts that have a label, of those that were run. */
export function labelledCounts(counts: readonly number[]): number[] {
  const powers = counts.filter((count) => isWhole(Math.log2(count)));
  return counts.length > MOST_COUNTS && powers.length >= 2 ? powers : [...counts];
}

/**
 * Moves places along an axis until each has `gap` to the next, in the same order, and none is above `most`: for labels that
 * would lie on one another.
 */
export function apart(places: readonly number[], gap: number, most: number): number[] {
  const order = places.map((_, i) => i).sort((a, b) => places[a]! - places[b]!);
  const moved = [...places];
  let last = Number.NEGATIVE_INFINITY;
  for (const i of order) last = moved[i] = Math.max(places[i]!, last + gap);
  let next = most + gap;
  for (const i of order.reverse()) next = moved[i] = Math.min(moved[i]!, next - gap);
  return moved;
}
