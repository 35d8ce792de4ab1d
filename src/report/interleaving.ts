import type { CriticalPair, ExplainedRow } from '../explore/interleaving.js';
import type { Page } from './page.js';
import { NARROWEST, READABLE, wrapped } from './wrap.js';

/** Columns of a hart on a page that has more: harts that act in turn should not be far apart. */
const WIDEST = 64;
/** Digits of a step. Longer ones push everything to the right. */
const STEP = 6;
/** Between two columns. */
const GAP = 2;
/** How far the lines of a row are set in that are not its first. */
const HANG = 2;
const RULE = '── ';
/** A blank at which no line ends: no-break space. */
const GLUE = '\u00a0';

/** Where on the page things stand; all of it depends on nothing but harts and width, so that two runs can be compared. */
interface Layout {
  readonly heads: string;
  /** Columns of a row's text. */
  readonly room: number;
  /** What stands before a line of a hart's row, behind the step. */
  before(hart: number, isFirst: boolean): string;
}

/**
 * One column per hart, time downward, `switch` rows with their reasons (as lincheck shows a failed run). Where columns
 * would be too narrow, all harts share one, and every row names its own.
 *
 * @param pair accesses that are marked where they stand
 */
export function interleavingText(
  harts: number,
  rows: readonly ExplainedRow[],
  page: Page,
  pair: CriticalPair | null = null,
): string {
  const digits = rows.map((row) => (row.kind === 'access' ? String(row.step).length : 0));
  const step = digits.reduce((most, own) => Math.max(most, own), STEP);
  const margin = ' '.repeat(step + 2);
  const space = page.width - margin.length;
  const layout = columns(harts, space) ?? stack(harts, space);
  const end = layout.before(harts - 1, true).length + layout.room;
  const lines = rows.flatMap((row) => {
    if (row.kind === 'switch') return switchLines(row, end).map((line) => margin + page.paint('turn', line));
    const { text, tone } = contents(row, pair);
    return wrapped(text, layout.room, HANG).map((part, index) => {
      const number = row.kind === 'access' && index === 0 ? String(row.step) : '';
      const line = part.replace(GLUE, ' ');
      const painted = tone === undefined ? line : page.paint(tone, line);
      return `${number.padStart(step)}  ${layout.before(row.hart, index === 0)}${painted}`;
    });
  });
  return [`${'step'.padStart(step)}  ${layout.heads}`.trimEnd(), ...lines].join('\n');
}

/** Undefined when they would be too narrow. */
function columns(harts: number, space: number): Layout | undefined {
  const room = Math.min(WIDEST, Math.floor((space - GAP * (harts - 1)) / harts));
  if (room < NARROWEST && harts > 1) return undefined;
  const heads = Array.from({ length: harts }, (_, hart) => `hart ${hart}`.padEnd(room + GAP)).join('');
  return { heads, room, before: (hart) => ' '.repeat(hart * (room + GAP)) };
}

function stack(harts: number, space: number): Layout {
  const name = (hart: number) => `hart ${hart}`.padEnd(`hart ${harts - 1}`.length);
  const before = (hart: number, isFirst: boolean) => `${isFirst ? name(hart) : ' '.repeat(name(hart).length)} │ `;
  return { heads: '', room: Math.min(READABLE, space - before(0, true).length), before };
}

function contents(row: Exclude<ExplainedRow, { kind: 'switch' }>, pair: CriticalPair | null) {
  if (row.kind === 'private')
    return { text: `(${row.count} other access${row.count === 1 ? '' : 'es'})`, tone: 'aside' } as const;
  const place = (['first', 'second'] as const).find((which) => {
    const access = pair?.[which];
    // Notes stand under the number of the access that follows them, which only the text tells apart.
    return access?.hart === row.hart && access.step === row.step && row.text.endsWith(access.what);
  });
  return place === undefined ? { text: row.text } : ({ text: `${row.text} ◀${GLUE}${place}`, tone: 'pair' } as const);
}

/** A rule across the page. */
function switchLines({ from, to, reason }: ExplainedRow & { kind: 'switch' }, end: number): string[] {
  const [first, ...others] = wrapped(`switch: hart ${from} → hart ${to}, ${reason}`, end - RULE.length);
  const rule = `${RULE}${first} `.padEnd(end, '─').slice(0, end).trimEnd();
  return [rule, ...others.map((line) => ' '.repeat(RULE.length) + line)];
}
