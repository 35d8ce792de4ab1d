/**
 * A text table: the first column flush left, the others flush right (figures) or left (words).
 *
 * @param groups names that stand above the heads, each over the first of the columns it is for
 */
export function textTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  others: 'left' | 'right' = 'right',
  groups: readonly string[] = [],
): string {
  const widths = heads.map((head, column) =>
    Math.max(head.length, groups[column]?.length ?? 0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 || others === 'left' ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  const above = groups.length > 0 ? [line(groups)] : [];
  return [...above, line(heads), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** 1234567 → `1,234,567`; fractions keep one digit below a hundred. */
export function figure(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
