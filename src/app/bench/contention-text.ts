import { figure, textTable } from '../../report/table.js';
import type { LockCell } from './result.js';

/** What is shown of a cell, one table each. */
const VIEWS: readonly (readonly [title: string, cell: (cell: LockCell) => string])[] = [
  ['acquisitions per million cycles', ({ throughput }) => figure(throughput)],
  [
    'fairness: most by fewest acquisitions of a hart',
    ({ fairness }) => (fairness === null ? '-' : fairness.toFixed(1)),
  ],
  ['wait for the lock, 99th percentile, in cycles', ({ wait }) => figure(wait.p99)],
];

/** Tables of locks by harts; a cell that was not run is empty. */
export function contentionText(cells: readonly LockCell[]): string {
  const locks = [...new Set(cells.map(({ lock }) => lock))];
  const harts = [...new Set(cells.map((cell) => cell.harts))].sort((a, b) => a - b);
  return VIEWS.map(([title, show]) => {
    const rows = locks.map((lock) => [
      lock,
      ...harts.map((count) => {
        const cell = cells.find((one) => one.lock === lock && one.harts === count);
        return cell === undefined ? '' : show(cell);
      }),
    ]);
    return `${title}\n${textTable(['harts', ...harts.map(String)], rows)}`;
  }).join('\n\n');
}
