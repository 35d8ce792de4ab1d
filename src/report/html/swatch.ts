import * as Plot from '@observablehq/plot';
import { drawn } from './drawing.js';
import { colourOf, lookOf } from './palette.js';

/** How the nth line looks, for a key. Whoever puts it on a page says in words whose it is. */
export function drawSwatch(n: number): string {
  const places = [0, 1, 2].map((x) => [x, 0] as const);
  return drawn({
    width: 30,
    height: 14,
    margin: 0,
    axis: null,
    x: { domain: [0, 2] },
    y: { domain: [-1, 1] },
    marks: [
      Plot.line(places, { stroke: colourOf(n), strokeWidth: 2 }),
      Plot.dot([places[1]], { fill: colourOf(n), symbol: lookOf(n).symbol, r: 4.5 }),
    ],
  });
}
