import { spread } from '../../report/spread.js';
import { figure, textTable } from '../../report/table.js';
import { fitted, hanging } from '../../report/wrap.js';
import { COST_NAMES, type TimeCosts } from '../../schedule/time-costs.js';
import { contentionText } from './contention-text.js';
import { lockExplanations } from './lock-explanation.js';
import type { BenchResult, LockFigures, MeasuredFigures, MeasuredRow, ModelRow, WorkFigures } from './result.js';

/** What a person reads. @param width columns of the page */
export function benchText({ virtual, measured, interrupted }: BenchResult, width: number): string {
  const { costs, locks, ...others } = virtual;
  const isVirtual = Object.keys(virtual).length > 1;
  return [
    ...(locks === undefined ? [] : [locksText(locks, width)]),
    ...Object.entries(others).map(([bench, figures]) => workText(bench, figures, width)),
    ...measuredText(measured),
    ...modelText(measured, width),
    [
      ...(isVirtual ? [hanging('costs in cycles: ', costText(costs), width)] : []),
      `${interrupted ? 'interrupted: figures are missing; ' : ''}${measured.seconds.toFixed(1)} s of real time`,
    ].join('\n'),
  ].join('\n\n');
}

export function costText(costs: TimeCosts): string {
  const cycles = COST_NAMES.filter((name) => name !== 'overlap').map((name) => `${name} ${costs[name]}`);
  return `${cycles.join(', ')}; overlap ${costs.overlap}: so many misses of one bulk access at once`;
}

function locksText({ cells, workload }: LockFigures, width: number): string {
  const { acquisitions, inside, outside, seed } = workload;
  const what = `each of the harts takes one lock ${acquisitions} times on average, computes ${inside} cycles with it and about ${outside} without; seed ${seed}`;
  return [
    contentionText(cells),
    '',
    ...lockExplanations(cells).map((line) => fitted(line, width)),
    '',
    hanging('locks, virtual time: ', what, width),
  ].join('\n');
}

/** Variants by harts, a table for each work. */
function workText(bench: string, { cells, rounds, pages }: WorkFigures, width: number): string {
  const works = [...new Set(cells.map(({ work }) => work))];
  const tables = works.map((work) => {
    const own = cells.filter((cell) => cell.work === work);
    const rows = byHarts(
      own.map(({ variant, harts, throughput }) => ({ name: variant, harts, text: figure(throughput) })),
    );
    return `${work}, operations per million cycles\n${rows}`;
  });
  const what = `each of the harts does ${rounds} of them on average, for processes with ${pages} pages of heap`;
  return [...tables, hanging(`${bench}, virtual time: `, what, width)].join('\n\n');
}

function measuredText({ rows }: MeasuredFigures): string[] {
  const benches = [...new Set(rows.map(({ bench }) => bench))];
  return benches.map((bench) => {
    const own = rows.filter((row) => row.bench === bench);
    const table = byHarts(
      own.map((row: MeasuredRow) => ({ name: row.what, harts: row.harts, text: spread(row.values) })),
    );
    return `${bench}, measured: ${own[0]!.unit}, median (least–most) of ${own[0]!.values.length}\n${table}`;
  });
}

function modelText({ model, nanosecondsPerCycle }: MeasuredFigures, width: number): string[] {
  if (model.length === 0 || nanosecondsPerCycle === null) return [];
  const heads = ['two harts to one', 'virtual', 'real', 'error, %', 'ns alone: virtual', 'real'];
  const rows = model.map((row: ModelRow) => [
    `${row.bench} ${row.what}`,
    row.virtual.toFixed(2),
    spread(row.real.values, (value) => value.toFixed(2)),
    (100 * row.error).toFixed(0),
    figure(row.virtualNanoseconds),
    figure(row.realNanoseconds),
  ]);
  const note = `throughput with two harts by that with one, in virtual time and on this host. A cycle is taken as ${nanosecondsPerCycle.toFixed(2)} ns, which a round of an empty loop takes here; virtual time counts accesses, not the instructions between them`;
  return [`${textTable(heads, rows)}\n\n${hanging('the model held against this host: ', note, width)}`];
}

/** A row for each name, a column for each number of harts. */
function byHarts(cells: readonly { readonly name: string; readonly harts: number; readonly text: string }[]): string {
  const harts = [...new Set(cells.map((cell) => cell.harts))].sort((a, b) => a - b);
  const rows = [...new Set(cells.map(({ name }) => name))].map((name) => [
    name,
    ...harts.map((count) => cells.find((cell) => cell.name === name && cell.harts === count)?.text ?? ''),
  ]);
  return textTable(['harts', ...harts.map(String)], rows);
}
