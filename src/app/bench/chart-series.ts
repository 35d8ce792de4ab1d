import type { Series, Value } from '../../report/html/harts-chart.js';

/** Cells as lines of a chart, in the order in which their names come; the points of each by harts. */
export function seriesOf<C extends { readonly harts: number }>(
  cells: readonly C[],
  name: (cell: C) => string,
  value: (cell: C) => Value,
): Series[] {
  return [...new Set(cells.map(name))].map((own) => {
    const inOrder = cells.filter((cell) => name(cell) === own).sort((a, b) => a.harts - b.harts);
    return { name: own, points: inOrder.map((cell) => ({ harts: cell.harts, value: value(cell) })) };
  });
}
