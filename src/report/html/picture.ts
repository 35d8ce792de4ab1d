import { DRAWING_STYLE, FONT } from './drawing.js';
import { drawHartsChart, type HartsChart } from './harts-chart.js';
import { escaped } from './markup.js';
import { paletteVariables } from './palette.js';

const SIZE = { width: 880, height: 480 };
const MARGIN = { side: 16, above: 48, below: 28 };

/**
 * One chart as a picture of its own, an SVG file. It has its own background, as pages that show it may be light or dark
 * whatever the reader's system prefers.
 * @param footnote small, at the bottom
 */
export function picture(chart: HartsChart, footnote: string): string {
  const plot = { width: SIZE.width - 2 * MARGIN.side, height: SIZE.height - MARGIN.above - MARGIN.below };
  const drawing = drawHartsChart(chart, { ...plot, names: true });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" width="${SIZE.width}" height="${SIZE.height}">
<title>${escaped(chart.title)}</title>
<style>
svg { ${paletteVariables('light')} color: var(--text); font-family: ${FONT}; }
${DRAWING_STYLE}
@media (prefers-color-scheme: dark) { svg { ${paletteVariables('dark')} } }
</style>
<rect width="100%" height="100%" rx="8" fill="var(--background)"/>
<text x="${MARGIN.side + 4}" y="30" font-size="17" font-weight="600" fill="var(--text)">${escaped(chart.title)}</text>
<text x="${MARGIN.side + 4}" y="${SIZE.height - 14}" font-size="12" fill="var(--faint)">${escaped(footnote)}</text>
${drawing.replace('<svg ', `<svg x="${MARGIN.side}" y="${MARGIN.above}" `)}
</svg>
`;
}
