import * as Plot from '@observablehq/plot';
import { short } from './axis.js';
import { type Caption, drawn, type Mark, svgElement } from './drawing.js';
import type { Size } from './harts-chart.js';
import { colourOf } from './palette.js';

/** A hart and the lock, in cycles since the timeline begins: negative before; null after its end. */
export interface Interval {
  readonly hart: number;
  readonly wanted: number;
  readonly taken: number | null;
  readonly released: number | null;
}

/** Who held the lock and who waited for it. */
export interface Timeline extends Caption {
  readonly lock: string;
  readonly harts: number;
  /** How long it is, in cycles. */
  readonly cycles: number;
  readonly intervals: readonly Interval[];
}

const MARGIN = { marginTop: 34, marginBottom: 38, marginLeft: 34, marginRight: 16 };
/** Of a hart's row, in pixels. */
const ROWS = { least: 6, most: 24, together: 260 };
/** So that one sees who has the lock, however short the time. */
const THINNEST = 1.5;
const NARROWEST_LABEL = 14;

export function timelineHeight(harts: number): number {
  const row = Math.max(ROWS.least, Math.min(ROWS.most, ROWS.together / harts));
  return row * harts + MARGIN.marginTop + MARGIN.marginBottom;
}

/**
 * One row for each hart: grey while it waits, coloured while it holds, and a thread from one holder to the next. The
 * figures by which a place in it is found again are in `data-` attributes of the whole.
 * @param look number of the lock's colour
 */
export function drawTimeline(timeline: Timeline, { width, look }: Pick<Size, 'width'> & { look: number }): string {
  const { harts, cycles } = timeline;
  const height = timelineHeight(harts);
  const rows = Array.from({ length: harts }, (_, hart) => hart);
  const every = Math.ceil((NARROWEST_LABEL * harts) / (height - MARGIN.marginTop - MARGIN.marginBottom));
  return drawn(
    {
      width,
      height,
      ...MARGIN,
      x: { domain: [0, cycles], label: null },
      y: { type: 'band', domain: rows, padding: 0.2, label: null },
      marks: [
        Plot.axisX({
          label: 'cycles →',
          labelArrow: 'none',
          labelAnchor: 'right',
          labelOffset: 34,
          tickFormat: short,
          tickSize: 4,
          tickSpacing: 90,
          color: 'var(--faint)',
        }),
        Plot.axisY(
          rows.filter((hart) => hart % every === 0),
          { label: '↓ hart', labelArrow: 'none', labelAnchor: 'top', tickSize: 0, color: 'var(--faint)' },
        ),
        bars(timeline, look),
      ],
    },
    timeline,
    (plot) => {
      const [left, right] = plot.scale('x')!.range as [number, number];
      const { range, bandwidth = 0, step = 0 } = plot.scale('y')!;
      const top = (plot.scale('y')!.apply(0) as number) - (step - bandwidth) / 2;
      return { left, right, top, row: step, cycles, bottom: (range as [number, number])[1] };
    },
  );
}

/** What Plot's types leave out of a scale of bands, as D3 makes it. */
interface Banded {
  bandwidth(): number;
}

/** All bars of a kind are one path: there are thousands of them on a page. */
function bars({ intervals, cycles }: Timeline, look: number): Mark {
  return (_index, { x, y }, _values, _dimensions, { document }) => {
    const height = (y as unknown as Banded).bandwidth();
    const at = (cycle: number) => x!(Math.min(Math.max(cycle, 0), cycles)) as number;
    const bar = (hart: number, from: number, to: number, thinnest: number) => {
      const width = Math.max(to - from, thinnest);
      return width <= 0
        ? ''
        : `M${pixel(from)},${pixel(y!(hart) as number)}h${pixel(width)}v${pixel(height)}h${pixel(-width)}z`;
    };
    const waits = intervals.map(({ hart, wanted, taken }) => bar(hart, at(wanted), at(taken ?? cycles), 0));
    const held = intervals.flatMap(({ hart, taken, released }) =>
      taken === null ? [] : [{ hart, from: at(taken), to: at(released ?? cycles) }],
    );
    const holds = held.map(({ hart, from, to }) => bar(hart, from, to, THINNEST));
    const middle = (hart: number) => (y!(hart) as number) + height / 2;
    const thread = held.map(({ hart, from, to }) => `${pixel(from)},${pixel(middle(hart))}H${pixel(to)}`).join('L');
    const group = svgElement(document, 'g', {});
    for (const path of [
      { class: 'waits', fill: 'var(--wait)', d: waits.join('') },
      { class: 'thread', fill: 'none', stroke: colourOf(look), 'stroke-opacity': 0.6, d: `M${thread}` },
      { class: 'holds', fill: colourOf(look), d: holds.join('') },
    ])
      group.appendChild(svgElement(document, 'path', path));
    return group;
  };
}

function pixel(value: number): string {
  return String(Number(value.toFixed(1)) + 0);
}
