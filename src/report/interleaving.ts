import type { ExplainedRow } from '../explore/interleaving.js';

const COLUMN = 46;

/** One column per hart, time downward, `switch` rows with their reasons (as lincheck shows a failed run). */
export function interleavingText(harts: number, rows: readonly ExplainedRow[]): string {
  const columns = Array.from({ length: harts }, (_, hart) => `hart ${hart}`.padEnd(COLUMN));
  const lines = [`  step  ${columns.join(' ')}`.trimEnd()];
  for (const row of rows) {
    if (row.kind === 'switch') {
      const label = ` switch: hart ${row.from} → hart ${row.to}, ${row.reason} `;
      lines.push(`        ${label.padStart(6 + label.length, '─').padEnd(harts * (COLUMN + 1), '─')}`);
    } else {
      const step = row.kind === 'access' ? String(row.step) : '';
      const text = row.kind === 'access' ? row.text : `(${row.count} other access${row.count === 1 ? '' : 'es'})`;
      const mark = row.kind === 'access' && row.mark !== undefined ? ` ◀ ${row.mark}` : '';
      lines.push(`${step.padStart(6)}  ${' '.repeat(row.hart * (COLUMN + 1))}${text}${mark}`);
    }
  }
  return lines.join('\n');
}
