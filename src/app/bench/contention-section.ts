import { TIMELINE_ACQUISITIONS } from '../../../kernel/scenarios/contention-timeline.js';
import type { BenchSection } from '../../report/html/bench-page.js';
import type { HartsChart, Value } from '../../report/html/harts-chart.js';
import { seriesOf } from './chart-series.js';
import { lockExplanations } from './lock-explanation.js';
import type { LockCell, LockFigures } from './result.js';

/** A lock whose luckiest hart gets it at most so many times as often as the least lucky one counts as fair. */
const FAIR = 1.5;

/** What locks did under contention, for a page with pictures. There must be a cell. */
export function contentionSection({ cells, workload, timelines }: LockFigures): BenchSection {
  const locks = locksOf(cells);
  const { acquisitions, inside, outside } = workload;
  return {
    id: 'locks',
    title: 'Locks under contention',
    text:
      `Harts take one lock of the kernel ${acquisitions} times each on average, compute ${inside} cycles with it and about ${outside} without. ` +
      'A cache line goes to those who want it one after the other. Where all waiters look at one line, each release makes ' +
      'them queue for it, and a hand-over takes longer with every waiter; where each looks at a line of its own, a release ' +
      'disturbs one of them.',
    findings: lockExplanations(cells).map((explanation, i) => {
      return `${explanation}. ${fairnessFinding(cells.filter(({ lock }) => lock === locks[i]))}`.trim();
    }),
    kind: 'lock',
    main: throughputChart(cells),
    others: [
      waitChart(cells, 'p50', 'half of the waits are no longer'),
      waitChart(cells, 'p99', '99 of 100 waits are no longer'),
      waitChart(cells, 'max', 'the longest wait of all'),
      chartOf(cells, ({ fairness }) => fairness, {
        id: 'fairness',
        title: 'Fairness',
        description: 'Most by fewest acquisitions of a hart: 1 is fair; ∞ where a hart never got the lock.',
        axis: 'most by fewest acquisitions of a hart',
        unit: 'times as often as the least lucky hart',
        none: 'a hart never got it',
      }),
    ],
    timelines: {
      text: `The first ${TIMELINE_ACQUISITIONS} acquisitions of the measured time, or all where there are fewer.`,
      of: timelines.map((timeline) => {
        return {
          id: `timeline-${locks.indexOf(timeline.lock)}-${timeline.harts}`,
          title: `${timeline.lock}, ${harts(timeline.harts)}`,
          description:
            'A row for each hart: grey while it waits for the lock, coloured while it holds it; a thread leads from one holder to the next.',
          ...timeline,
        };
      }),
    },
  };
}

/** Acquisitions per million cycles, against harts. */
export function throughputChart(cells: readonly LockCell[]): HartsChart {
  return chartOf(cells, ({ throughput }) => throughput, {
    id: 'throughput',
    title: 'Throughput of locks under contention',
    description:
      'More is better. What falls in proportion to the harts is a straight line, as both axes are logarithmic.',
    axis: 'acquisitions per million cycles',
    unit: 'acquisitions per million cycles',
  });
}

function waitChart(cells: readonly LockCell[], which: 'p50' | 'p99' | 'max', meaning: string): HartsChart {
  const titles = { p50: 'median', p99: '99th percentile', max: 'maximum' };
  return chartOf(cells, ({ wait }) => wait[which], {
    id: `wait-${which}`,
    title: `Wait for the lock: ${titles[which]}`,
    description: `In cycles; ${meaning}. Less is better.`,
    axis: 'cycles',
    unit: 'cycles',
  });
}

function chartOf(
  cells: readonly LockCell[],
  value: (cell: LockCell) => Value,
  about: Omit<HartsChart, 'series'>,
): HartsChart {
  return { ...about, series: seriesOf(cells, ({ lock }) => lock, value) };
}

function locksOf(cells: readonly LockCell[]): string[] {
  return [...new Set(cells.map(({ lock }) => lock))];
}

/** Of one lock, with the most harts. */
function fairnessFinding(cells: readonly LockCell[]): string {
  const { harts: count, fairness } = cells.reduce((most, cell) => (cell.harts > most.harts ? cell : most));
  if (count === 1) return '';
  if (fairness === null) return `Unfair: a hart of ${count} never got it.`;
  const times = `of ${count} harts, the luckiest got it ${fairness.toFixed(1)} times as often as the least lucky`;
  return `${fairness <= FAIR ? 'Fair' : 'Unfair'}: ${times}.`;
}

function harts(count: number): string {
  return count === 1 ? '1 hart' : `${count} harts`;
}
