/** Whether this is `npm run test:long`, whose configuration says so. */
export const isLongForm = process.env.HARTBREAK_LONG === '1';

/** All rows in the long form; in the short one every so-many-th, beginning with number `from`. */
export function sampled<T>(rows: readonly T[], every: number, from = 0): readonly T[] {
  return isLongForm ? rows : rows.filter((_, i) => i % every === from % every);
}
