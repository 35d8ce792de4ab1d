import { RandomNumbers } from '../../../src/schedule/random-numbers.js';
import type { Touch } from './coverage.js';
import type { Mutant } from './mutants.js';
import type { Place } from './place.js';

/**
 * Where each mutant is looked for: where its place is run, first where more than one hart runs it. Where none does when one
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
      return shuffled.toSorted(([, a], [, b]) => Math.min(b, 2) - Math.min(a, 2)).map(([place]) => places[place]!);
    }
    return random.shuffled(places);
  });
}
