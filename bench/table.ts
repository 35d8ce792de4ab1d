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

/** Writes the table in Markdown, each row as it comes, for benches that take long; then the note. */
export async function printMarkdown({ heads, rows, note }: Table): Promise<void> {
  const print = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
  print(heads);
  print(heads.map(() => '---'));
  for await (const row of rows) print(row);
  process.stdout.write(`\n${note}\n`);
}
