import { RandomNumbers } from '../../../src/schedule/random-numbers.js';
import type { Touch } from './coverage.js';
import type { Mutant } from './mutants.js';
import type { Place } from './place.js';

/**
 * Where each mutant is looked for: where its place is run, by more than one hart and by only one in turn. Where none does when one
 * hart plays after the other, as of an error path: where the rest of its function is run, or of its file; else anywhere.
 *
 * @param touches which points are run where; the points are the mutants
 */
export function huntingGrounds(
  mutants: readonly Mutant[],
  places: readonly Place[],
  touches: readonly Touch[],
  seed: number,
): Place[][] {
  const byPoint = new Map<number, Touch[]>();
  for (const touch of touches) {
    const known = byPoint.get(touch.point);
    if (known === undefined) byPoint.set(touch.point, [touch]);
    else known.push(touch);
  }
  const numbers = mutants.map((_, i) => i);
  const alike = (same: (a: Mutant, b: Mutant) => boolean) => (point: number) =>
    numbers.filter((other) => same(mutants[other]!, mutants[point]!));
  const widenings = [
    (point: number) => [point],
    alike((a, b) => a.file === b.file && a.function === b.function),
    alike((a, b) => a.file === b.file),
  ];
  return numbers.map((point) => {
    const random = new RandomNumbers(seed, point);
    for (const widened of widenings) {
      const found = widened(point).flatMap((one) => byPoint.get(one) ?? []);
      if (found.length === 0) continue;
      const harts = new Map<number, number>();
      for (const { place, harts: many } of found) harts.set(place, Math.max(many, harts.get(place) ?? 0));
      const shuffled = random.shuffled([...harts]);
      const [shared, lone] = [true, false].map((wanted) => shuffled.filter(([, many]) => many > 1 === wanted));
      return spread(inTurn(shared!, lone!).map(([place]) => places[place]!));
    }
    return spread(random.shuffled(places));
  });
}

/**
 * Every scenario in one kernel, then in a second one, and so on: what is found in one is mostly found in all. And in each of
 * these rounds one that was written and one that was generated in turn, of these every start state once, then twice: what
 * players do there differs less than where they begin.
 */
function spread(places: readonly Place[]): Place[] {
  const kernels = new Count();
  const rows = new Count();
  const ranked = places.map((place) => {
    const start = place.scenario.split('@')[1];
    const kernel = kernels.next(place.scenario);
    const inRow = rows.next(`${start} ${kernel}`);
    return { place, kernel, inRow };
  });
  const order = ranked.toSorted((a, b) => a.kernel - b.kernel || a.inRow - b.inRow).map(({ place }) => place);
  const isWritten = ({ scenario }: Place) => !scenario.includes('@');
  return inTurn(
    order.filter((place) => !isWritten(place)),
    order.filter(isWritten),
  );
}

class Count {
  private readonly seen = new Map<string, number>();

  /** How often the key has been asked for before. */
  next(key: string): number {
    const before = this.seen.get(key) ?? 0;
    this.seen.set(key, before + 1);
    return before;
  }
}

/** One of each, as long as there are both, and then the rest. */
function inTurn<T>(some: readonly T[], others: readonly T[]): T[] {
  const longer = Math.max(some.length, others.length);
  return Array.from({ length: longer }, (_, i) => [...some.slice(i, i + 1), ...others.slice(i, i + 1)]).flat();
}
