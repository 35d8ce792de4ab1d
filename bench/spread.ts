import { figure } from '../src/report/table.js';

/** `median (least–most)`; the median alone where all are the same. At least one value. */
export function spread(values: readonly number[], show: (value: number) => string = figure): string {
  const [least, most] = [show(Math.min(...values)), show(Math.max(...values))];
  return least === most ? most : `${show(median(values))} (${least}–${most})`;
}

/** Of an even number of values the upper one of the two in the middle: always one that was measured. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}
