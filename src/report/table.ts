import { fitted, NARROWEST, wrapped } from './wrap.js';

/** A cell of more lines than this leaves its row too thin to be read. */
const TALLEST = 3;
const BETWEEN = '  ';
/** Before what stands beneath a row. */
const BENEATH = '    ';

/**
 * A text table: the first column flush left, the others flush right (figures) or left (words). On a page that is too
 * narrow for a table of words, the first column without room goes on in lines of its own, and whatever comes after it
 * stands beneath its row.
 *
 * @param groups names that stand above the heads, each over the first of the columns it is for
 * @param page columns of the page; figures are not broken, whatever it is
 */
export function textTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  others: 'left' | 'right' = 'right',
  groups: readonly string[] = [],
  page = Number.POSITIVE_INFINITY,
): string {
  const needed = heads.map((head, column) =>
    Math.max(head.length, groups[column]?.length ?? 0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const widths = others === 'left' ? fittingWidths(needed, page) : needed;
  const line = (cells: readonly string[]) =>
    widths
      .map((width, column) =>
        column === 0 || others === 'left' ? (cells[column] ?? '').padEnd(width) : (cells[column] ?? '').padStart(width),
      )
      .join(BETWEEN)
      .trimEnd();
  const lines = (cells: readonly string[]) => {
    const parts = widths.map((width, column) => wrapped(cells[column] ?? '', width));
    const height = Math.max(...parts.map(({ length }) => length));
    return [
      ...Array.from({ length: height }, (_, at) => line(parts.map((part) => part[at] ?? ''))),
      ...cells.slice(widths.length).map((cell, column) => beneath(heads[widths.length + column] ?? '', cell, page)),
    ];
  };
  const above = groups.length > 0 ? [line(groups)] : [];
  return [...above, line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.flatMap(lines)].join('\n');
}

/** The widths of those columns that stand beside each other. The first always does. */
function fittingWidths(needed: readonly number[], page: number): number[] {
  const widths: number[] = [];
  let room = page;
  for (const width of needed) {
    if (width > room && room < Math.max(NARROWEST, width / TALLEST) && widths.length > 0) break;
    widths.push(Math.min(width, room));
    if (width > room) break;
    room -= width + BETWEEN.length;
  }
  return widths;
}

function beneath(head: string, cell: string, page: number): string {
  return fitted(`${BENEATH}${head === '' ? '' : `${head}: `}${cell}`, page);
}

/** 1234567 → `1,234,567`; fractions keep one digit below a hundred. */
export function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
