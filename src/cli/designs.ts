import { Command } from 'commander';
import { designs } from '../../kernel/page-sharing/designs.js';
import { formNames } from '../../kernel/page-sharing/page-sharing.js';
import { type Cost, type DesignCosts, measureDesign } from '../app/design-costs.js';
import { figure, textTable } from '../report/table.js';
import { wholeNumber } from './arguments.js';

interface DesignsOptions {
  readonly pages: number;
  readonly json?: boolean;
}

const PAGES = { min: 1, max: 1024 };

/** `hartbreak designs`: every page-sharing design in both forms, with what it costs, counted by running it. */
export function designsCommand(): Command {
  return new Command('designs')
    .description('list the page-sharing designs, and what a fork, a write and an exit cost in each')
    .option('--pages <number>', 'pages of the heap that is forked', wholeNumber('--pages', PAGES), 64)
    .option('--json', 'print one JSON object and nothing else')
    .action(list);
}

function list({ pages, json }: DesignsOptions): void {
  const rows = designs.flatMap(({ name, summary, forms }) =>
    // A design of one form is one row.
    formNames
      .filter((form, index) => forms[form] !== forms[formNames[0]] || index === 0)
      .map((form) => ({ ...measureDesign(name, form, pages), summary })),
  );
  process.stdout.write(`${json === true ? JSON.stringify({ pages, designs: rows }) : tableOf(rows, pages)}\n`);
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

function tableOf(rows: readonly DesignCosts[], pages: number): string {
  const operations = columns.map(([operation], index) => (columns[index - 1]?.[0] === operation ? '' : operation));
  const table = textTable(
    ['design', 'form', 'guard', 'B/page', ...columns.map(([, head]) => head)],
    rows.map((row) => [
      row.design,
      row.form,
      row.guard,
      figure(row.bytesPerPage),
      ...columns.map(([, , figureOf]) => figure(figureOf(row))),
    ]),
    'right',
    ['', '', '', '', ...operations],
  );
  return `${table}

fork: of a process with a heap of ${pages} pages. write: the child writes one of them, which both share. last write: then
the parent writes it too. exit: of the child. locks: acquisitions, the kernel's own included. atomics: operations on the
design's own words. PTEs: page table entries looked at or changed. B/page: set aside for each page of memory, used or not.`;
}

function locks(cost: Cost): number {
  return Object.values(cost.locks).reduce((sum, count) => sum + count, 0);
}
