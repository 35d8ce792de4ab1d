import { designs } from '../../kernel/page-sharing/designs.js';

/** Where a test of the kernel runs. */
export type Place = readonly [design: string, harts: number];

/** Every design once, and every number of harts in turn: the short form of `everyPlace`. */
export function somePlaces(counts: readonly number[]): Place[] {
  return designs.map(({ name }, index) => [name, counts[index % counts.length]!]);
}

/** Every design on every number of harts. */
export function everyPlace(counts: readonly number[]): Place[] {
  return designs.flatMap(({ name }) => counts.map((harts): Place => [name, harts]));
}
