import { figure } from '../table.js';
import type { HartsChart } from './harts-chart.js';
import { escaped } from './markup.js';
import type { Timeline } from './timeline-chart.js';

/** The figures of a chart, by series and harts; an empty cell was not run. */
export function hartsTable({ title, axis, none = '-', series }: HartsChart): string {
  const counts = [...new Set(series.flatMap(({ points }) => points.map(({ harts }) => harts)))].sort((a, b) => a - b);
  const cell = (points: HartsChart['series'][number]['points'], count: number) => {
    const point = points.find(({ harts }) => harts === count);
    return point === undefined ? '' : point.value === null ? none : figure(point.value);
  };
  return htmlTable(
    `${title}: ${axis}`,
    ['harts', ...counts.map(String)],
    series.map(({ name, points }) => [name, ...counts.map((count) => cell(points, count))]),
  );
}

/** The script reads what it shows beside the pointer from these rows: in cycles, and empty for what came later. */
export function timelineTable({ title, intervals }: Timeline): string {
  const later = (cycle: number | null) => (cycle === null ? '' : String(cycle));
  return htmlTable(
    title,
    ['hart', 'wanted it at', 'got it at', 'let it go at'],
    intervals.map(({ hart, wanted, taken, released }) => [String(hart), String(wanted), later(taken), later(released)]),
  );
}

function htmlTable(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((text) => `<th scope="col">${escaped(text)}</th>`).join('');
  const body = rows.map(
    ([name = '', ...cells]) =>
      `<tr><th scope="row">${escaped(name)}</th>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class="scrolls" tabindex="0"><table><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`;
}
