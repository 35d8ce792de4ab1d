import { figure } from './table.js';

/** `median (least–most)`; the median alone where all are the same. At least one value. */
export function spread(values: readonly number[], show: (value: number) => string = figure): string {
  const [least, most] = [show(Math.min(...values)), show(Math.max(...values))];
  return least === most ? most : `${show(median(values))} (${least}–${most})`;
}

/** Of an even number of values the upper one of the two in the middle: always one that was measured. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

/** Several measurements of one thing. */
export interface Spread {
  /** In the order in which they were made. */
  readonly values: readonly number[];
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** At least one value. */
export function spreadOf(values: readonly number[]): Spread {
  return { values, median: median(values), least: Math.min(...values), most: Math.max(...values) };
}
