import { Command } from 'commander';
import { designs } from '../../kernel/page-sharing/designs.js';
import { formNames } from '../../kernel/page-sharing/page-sharing.js';
import type { Cost } from '../app/design-bench.js';
import { type DesignCosts, measureDesign } from '../app/design-costs.js';
import { measureSharers, SHARERS, type SharerCosts } from '../app/sharer-costs.js';
import { listWidth } from '../report/page.js';
import { figure, textTable } from '../report/table.js';
import { READABLE, wrapped } from '../report/wrap.js';
import { wholeNumber } from './arguments.js';

interface DesignsOptions {
  readonly pages: number;
  readonly sharers?: boolean;
  readonly json?: boolean;
}

const PAGES = { min: 1, max: 1024 };

/** `hartbreak designs`: every page-sharing design in both forms, with what it costs, counted by running it. */
export function designsCommand(): Command {
  return new Command('designs')
    .description('list the page-sharing designs, and what a fork, a write and an exit cost in each')
    .option('--pages <number>', 'pages of the heap that is forked', wholeNumber('--pages', PAGES), 64)
    .option('--sharers', `instead: what it costs that ${SHARERS[0]} to ${SHARERS.at(-1)} processes share a page`)
    .option('--json', 'print one JSON object and nothing else')
    .action(list);
}

function list({ pages, sharers, json }: DesignsOptions): void {
  if (sharers === true) {
    listSharers(json === true);
    return;
  }
  const rows = designs.flatMap(({ name, summary, forms }) =>
    // A design of one form is one row.
    formNames
      .filter((form, index) => forms[form] !== forms[formNames[0]] || index === 0)
      .map((form) => ({ ...measureDesign(name, form, pages), summary })),
  );
  const text = () => textOf(rows, pages, listWidth(process.stdout));
  process.stdout.write(`${json === true ? JSON.stringify({ pages, designs: rows }) : text()}\n`);
}

/** A column of figures, under the operation that they are of. */
type Column = readonly [operation: string, head: string, figureOf: (costs: DesignCosts) => number];
const columns: readonly Column[] = [
  ['fork', 'locks', ({ fork }) => locks(fork)],
  ['fork', 'atomics', ({ fork }) => fork.atomics],
  ['fork', 'PTEs', ({ fork }) => fork.ptes],
  ['fork', 'copies', ({ fork }) => fork.copies],
  ['write', 'locks', ({ firstWrite }) => locks(firstWrite)],
  ['write', 'atomics', ({ firstWrite }) => firstWrite.atomics],
  ['write', 'PTEs', ({ firstWrite }) => firstWrite.ptes],
  ['last write', 'faults', ({ lastWrite }) => lastWrite.faults],
  ['last write', 'locks', ({ lastWrite }) => locks(lastWrite)],
  ['last write', 'copies', ({ lastWrite }) => lastWrite.copies],
  ['exit', 'locks', ({ exit }) => locks(exit)],
  ['exit', 'atomics', ({ exit }) => exit.atomics],
];

/** One table; or where the page is too narrow for it, one for each operation. */
function textOf(rows: readonly DesignCosts[], pages: number, width: number): string {
  const whole = tableOf(rows, columns);
  const isNarrow = whole.split('\n').some((line) => line.length > width);
  const operations = [...new Set(columns.map(([operation]) => operation))];
  const tables = isNarrow
    ? operations.map((operation) =>
        tableOf(
          rows,
          columns.filter(([of]) => of === operation),
        ),
      )
    : [whole];
  return [...tables, wrapped(legend(pages), Math.min(width, READABLE)).join('\n')].join('\n\n');
}

function tableOf(rows: readonly DesignCosts[], shown: readonly Column[]): string {
  const operations = shown.map(([operation], index) => (shown[index - 1]?.[0] === operation ? '' : operation));
  return textTable(
    ['design', 'form', 'guard', 'B/page', ...shown.map(([, head]) => head)],
    rows.map((row) => [
      row.design,
      row.form,
      row.guard,
      figure(row.bytesPerPage),
      ...shown.map(([, , figureOf]) => figure(figureOf(row))),
    ]),
    'right',
    ['', '', '', '', ...operations],
  );
}

function legend(pages: number): string {
  return (
    `fork: of a process with a heap of ${pages} pages. write: the child writes one of them, which both share. last ` +
    "write: then the parent writes it too. exit: of the child. locks: acquisitions, the kernel's own included. " +
    "atomics: operations on the design's own words. PTEs: page table entries looked at or changed. B/page: set " +
    'aside for each page of memory, used or not.'
  );
}

/** A table for each operation: a row for each design, a column for each number of sharers. */
function listSharers(json: boolean): void {
  const rows = designs.map(({ name }) => SHARERS.map((sharers) => measureSharers(name, sharers)));
  if (json) {
    process.stdout.write(`${JSON.stringify({ sharers: rows.flat() })}\n`);
    return;
  }
  const operations = [
    ['write, the first', ({ firstWrite }: SharerCosts) => firstWrite],
    ['write, the last', ({ lastWrite }: SharerCosts) => lastWrite],
    ['exit', ({ exit }: SharerCosts) => exit],
  ] as const;
  const tables = operations.map(([head, figureOf]) =>
    textTable(
      [head, ...SHARERS.map(String)],
      rows.map((row) => [row[0]!.design, ...row.map((costs) => figure(figureOf(costs)))]),
    ),
  );
  const legend =
    'By how many processes share a page: accesses to page tables and to the words of the design, locks left out, in the sound ' +
    'forms. The first write is that of a child, and all others go on sharing. The last is that of the parent, when each of ' +
    'its children has a copy. exit: of a child that shares its text and its stack with all the others.';
  const width = Math.min(listWidth(process.stdout), READABLE);
  process.stdout.write(`${[...tables, wrapped(legend, width).join('\n')].join('\n\n')}\n`);
}

function locks(cost: Cost): number {
  return Object.values(cost.locks).reduce((sum, count) => sum + count, 0);
}
