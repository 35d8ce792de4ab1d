import { bugs } from '../../kernel/bugs/bugs.js';
import { designsText } from '../../src/cli/lists.js';
import { markdownTable } from './markdown-table.js';

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
  return markdownTable(HEADS, rows);
}
