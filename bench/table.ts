/** What one bench answers: a table whose rows come one by one, as they are measured. */
export interface Table {
  readonly title: string;
  /** What was measured and how to read it: one paragraph. */
  readonly note: string;
  /** Measures it again, from the package root, after `npm run build`. */
  readonly command: string;
  readonly heads: readonly string[];
  readonly rows: AsyncIterable<readonly string[]>;
}

export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
}

/** The two lines above the rows. */
export function markdownHead({ heads }: Pick<Table, 'heads'>): string {
  return markdownRow(heads) + markdownRow(heads.map(() => '---'));
}

/** Writes the rows as they come, for benches that take long. */
export async function printMarkdown(table: Table): Promise<void> {
  process.stdout.write(markdownHead(table));
  for await (const row of table.rows) process.stdout.write(markdownRow(row));
}
