import { bugs } from '../../kernel/bugs/bugs.js';
import { designsText } from '../../src/cli/lists.js';

const HEADS = ['bug', 'mistake', 'designs', 'scenario', 'harm', ''];

/** What kernel/bugs/README.md says of every known mistake of ours: a table in Markdown, from the rows themselves. */
export function bugTable(): string {
  const rows = bugs.map(({ name, source, designs: names, scenario, harmful, summary }) => [
    `[${name}](${name}.ts)`,
    source?.mistake === undefined ? '' : String(source.mistake),
    designsText(names),
    scenario,
    harmful ? 'yes' : 'no',
    summary,
  ]);
  const widths = HEADS.map((head, column) => Math.max(head.length, 3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(HEADS), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
