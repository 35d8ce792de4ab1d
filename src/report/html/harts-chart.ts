import * as Plot from '@observablehq/plot';
import { figure } from '../table.js';
import { apart, labelledCounts, labelledSteps, roundSteps, short } from './axis.js';
import { type Caption, drawn, FONT_SIZE, type Mark, svgElement, tagged } from './drawing.js';
import { colourOf, lookOf } from './palette.js';

/** Null: the figure does not exist, which is worse than the worst that there is. Above 0 otherwise. */
export type Value = number | null;

/** One line of a chart. */
export interface Series {
  readonly name: string;
  readonly points: readonly { readonly harts: number; readonly value: Value }[];
}

/** Something that was measured, against the number of harts. */
export interface HartsChart extends Caption {
  /** What the vertical axis says, with its unit. */
  readonly axis: string;
  /** After a figure, as in `17 cycles`. */
  readonly unit: string;
  /** What it means where there is no figure. */
  readonly none?: string;
  readonly series: readonly Series[];
}

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface HartsChartOptions extends Size {
  /** Whether the name of each series stands at its end. */
  readonly names?: boolean;
  /** Values that the axis must reach, so that charts beside each other have the same one. */
  readonly reach?: readonly number[];
}

/** Where there is no figure: so far above all that there are, and by such a part of the axis. */
const BEYOND = { times: 2, part: 0.12 };
const LABEL_GAP = FONT_SIZE + 2;
/** Of a label that had to move, before a thread leads to it. */
const MOVED = 4;
const CHARACTER = 0.58 * FONT_SIZE;

/** All figures of a chart. */
export function valuesOf({ series }: HartsChart): number[] {
  return series.flatMap(({ points }) => points.flatMap(({ value }) => value ?? []));
}

/** Both axes are logarithmic: what falls in proportion to the harts is a straight line. */
export function drawHartsChart(
  chart: HartsChart,
  { width, height, names = false, reach = [] }: HartsChartOptions,
): string {
  const { series, axis, unit, none } = chart;
  const values = [...valuesOf(chart), ...reach];
  const steps = roundSteps(Math.min(...values, Number.MAX_VALUE), Math.max(...values, Number.MIN_VALUE));
  const counts = [...new Set(series.flatMap(({ points }) => points.map(({ harts }) => harts)))].sort((a, b) => a - b);
  const lacks = series.some(({ points }) => points.some(({ value }) => value === null));
  const [least, most] = [steps[0]!, steps.at(-1)!];
  const beyond = most * Math.max(BEYOND.times, (most / least) ** BEYOND.part);
  const ticks = [...labelledSteps(steps), ...(lacks ? [beyond] : [])];
  const tip = (name: string, harts: number, value: Value) =>
    `${name}, ${harts} ${harts === 1 ? 'hart' : 'harts'}: ${value === null ? none : `${figure(value)} ${unit}`}`;
  const lines = series.flatMap(({ name, points }, n): Mark[] => {
    const places = points.map(({ harts, value }) => [harts, value ?? beyond] as const);
    const tips = points.map(({ harts, value }) => tip(name, harts, value));
    const tag = { series: String(n) };
    return [
      Plot.line(places, { stroke: colourOf(n), strokeWidth: 2, ...tagged(tag) }),
      Plot.dot(places, {
        fill: colourOf(n),
        stroke: 'var(--background)',
        strokeWidth: 1,
        symbol: lookOf(n).symbol,
        r: 4.5,
        ...tagged(tag, tips),
      }),
    ];
  });
  const longest = Math.max(...series.map(({ name }) => name.length));
  return drawn(
    {
      width,
      height,
      marginLeft: 44,
      marginRight: names ? 24 + longest * CHARACTER : 14,
      marginTop: 34,
      marginBottom: 38,
      x: { type: 'log', base: 2, domain: ends(counts), label: null },
      y: { type: 'log', domain: [least, lacks ? beyond : most], label: null },
      marks: [
        Plot.gridY(ticks, { stroke: 'var(--grid)', strokeOpacity: 1 }),
        Plot.axisX(labelledCounts(counts), {
          label: 'harts →',
          labelArrow: 'none',
          labelAnchor: 'right',
          labelOffset: 34,
          tickFormat: String,
          tickSize: 4,
          color: 'var(--faint)',
        }),
        Plot.axisY(ticks, {
          label: `↑ ${axis}`,
          labelArrow: 'none',
          tickFormat: (value: number) => (lacks && value === beyond ? '∞' : short(value)),
          tickSize: 0,
          // Or D3 leaves out labels of a logarithmic axis as it sees fit.
          tickSpacing: 4,
          color: 'var(--faint)',
        }),
        ...lines,
        ...(names ? [namesAtEnds(series, beyond)] : []),
      ],
    },
    chart,
  );
}

/** Of a logarithmic axis, which one count alone would not make. */
function ends(counts: readonly number[]): [number, number] {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? [least / 2, most * 2] : [least, most];
}

/** The name of each series beside its last point; those that would lie on one another are moved apart. */
function namesAtEnds(series: readonly Series[], beyond: number): Mark {
  return (_index, { x, y }, _values, { height }, { document }) => {
    const group = svgElement(document, 'g', {});
    const ends = series.flatMap(({ name, points }, n) => points.slice(-1).map((point) => ({ name, n, ...point })));
    const ys = ends.map(({ value }) => y!(value ?? beyond) as number);
    const moved = apart(ys, LABEL_GAP, height - LABEL_GAP);
    for (const [i, { name, n, harts }] of ends.entries()) {
      const left = (x!(harts) as number) + 8;
      const own = group.appendChild(svgElement(document, 'g', { 'data-series': n }));
      if (Math.abs(moved[i]! - ys[i]!) >= MOVED)
        own.appendChild(
          svgElement(document, 'path', { d: `M${left},${ys[i]}L${left + 10},${moved[i]}`, stroke: colourOf(n) }),
        );
      own.appendChild(
        svgElement(document, 'text', {
          x: left + 13,
          y: moved[i]!,
          dy: '0.32em',
          'text-anchor': 'start',
          fill: colourOf(n),
        }),
      ).textContent = name;
    }
    return group;
  };
}
