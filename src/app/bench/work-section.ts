import { workNamed } from '../../../kernel/scenarios/kernel-work.js';
import type { BenchSection } from '../../report/html/bench-page.js';
import type { HartsChart } from '../../report/html/harts-chart.js';
import { figure } from '../../report/table.js';
import { seriesOf } from './chart-series.js';
import type { WorkCell, WorkFigures } from './result.js';

/** Benches in which harts call the kernel, and what their variants are. */
export const WORK_BENCHES = {
  fork: { title: 'Locks of a kernel that forks', kind: 'lock' },
  cow: { title: 'Copy on write against eager copies', kind: 'design' },
  refs: { title: 'Counting references to pages', kind: 'counting scheme' },
  alloc: { title: 'Free lists', kind: 'free list' },
} as const;
export type WorkBench = keyof typeof WORK_BENCHES;

/** What variants of the kernel did under contention, for a page with pictures. There must be a cell. */
export function workSection(bench: WorkBench, { cells, rounds, pages }: WorkFigures): BenchSection {
  const variants = [...new Set(cells.map(({ variant }) => variant))];
  const [main, ...others] = [...new Set(cells.map(({ work }) => work))].map((work) => {
    return chartOf(
      bench,
      work,
      cells.filter((cell) => cell.work === work),
      variants,
    );
  });
  if (main === undefined) throw new RangeError(`there are no figures of ${bench}`);
  return {
    id: bench,
    ...WORK_BENCHES[bench],
    text: `Each hart calls the kernel ${rounds} times on average. A process has a heap of ${pages} pages.`,
    findings: variants.map((name) => `${name}: ${findingOf(cells.filter(({ variant }) => variant === name))}`),
    main,
    others,
  };
}

/** Every variant is in every chart of its bench, so that it looks the same in all of them. */
function chartOf(bench: string, work: string, cells: readonly WorkCell[], variants: readonly string[]): HartsChart {
  const series = seriesOf(
    cells,
    ({ variant }) => variant,
    ({ throughput }) => throughput,
  );
  return {
    id: `${bench}-${work}`,
    title: work,
    description: `An operation: ${workNamed(work).summary}. More is better.`,
    axis: 'operations per million cycles',
    unit: 'operations per million cycles',
    series: variants.map((name) => series.find((one) => one.name === name) ?? { name, points: [] }),
  };
}

/** By work: what the most harts do against the fewest. */
function findingOf(cells: readonly WorkCell[]): string {
  const works = [...new Set(cells.map(({ work }) => work))].map((work) => {
    const [first, ...rest] = cells.filter((cell) => cell.work === work).sort((a, b) => a.harts - b.harts);
    const last = rest.at(-1);
    const does = `${work}: ${figure(first!.throughput)} with ${harts(first!.harts)}`;
    if (last === undefined) return does;
    const times = figure(last.throughput / first!.throughput);
    return `${does}, ${figure(last.throughput)} with ${harts(last.harts)}, ${times} times as many`;
  });
  return `${works.join('; ')}.`;
}

function harts(count: number): string {
  return count === 1 ? '1 hart' : `${count} harts`;
}
