import type { BenchPage } from '../../src/report/html/bench-page.js';
import type { HartsChart, Value } from '../../src/report/html/harts-chart.js';
import type { Timeline } from '../../src/report/html/timeline-chart.js';

/** A name that would be markup, and one that is long. */
export const HOSTILE = `<b>"x"</b> & 'y'`;
export const NAMES = ['plain', HOSTILE, 'one-with-a-rather-long-name', 'd', 'e', 'f', 'g', 'h'];
export const COUNTS = [1, 2, 4, 8, 16, 32, 64];

function chart(id: string, value: (series: number, harts: number) => Value): HartsChart {
  return {
    id,
    title: `Chart ${id} of ${HOSTILE}`,
    description: 'A figure against the number of harts, which is made up.',
    axis: 'acquisitions per million cycles',
    unit: 'cycles',
    none: 'there is none',
    series: NAMES.map((name, n) => {
      return { name, points: COUNTS.map((harts) => ({ harts, value: value(n, harts) })) };
    }),
  };
}

/** One hart after the other holds it for 100 cycles, and each waits from when it let go; the last still waits at the end. */
export function turnsOf(lock: string, harts: number): Timeline {
  const turn = (n: number) => ({ hart: n % harts, wanted: 100 * (n - harts), taken: 100 * n, released: 100 * n + 100 });
  return {
    id: `timeline-${NAMES.indexOf(lock)}-${harts}`,
    title: `${lock}, ${harts} harts`,
    description: 'Made up.',
    lock,
    harts,
    cycles: 3000,
    intervals: [
      ...Array.from({ length: 30 }, (_, n) => turn(n)),
      { hart: harts - 1, wanted: 2950, taken: null, released: null },
    ],
  };
}

/** A page with everything in it that a page can have, made up. */
export const HAND_MADE_PAGE: BenchPage = {
  title: `A page about ${HOSTILE}`,
  lead: `It says nothing about ${HOSTILE}.`,
  notice: `Interrupted by ${HOSTILE}.`,
  facts: [
    ['command', `hartbreak bench ${HOSTILE}`],
    ['costs in cycles', 'hit 5, share 44, transfer 109, upgrade 116, memory 355, atomic 20, park 2100, unpark 2700'],
  ],
  sections: [
    {
      id: 'first',
      title: 'First',
      text: 'What was done.',
      findings: NAMES.map((name) => `${name} does what it does.`),
      kind: 'lock',
      main: chart('main', (n, harts) => 1000 / (1 + n * harts)),
      others: [
        chart('near', (n) => 100 + n),
        chart('far', (n, harts) => 10 ** (n % 6) * harts),
        chart('lacking', (n, harts) => (n > 5 && harts > 8 ? null : harts)),
      ],
      timelines: {
        text: 'All of it.',
        of: ['plain', HOSTILE].flatMap((lock) => [2, 64].map((harts) => turnsOf(lock, harts))),
      },
    },
    {
      id: 'second',
      title: 'Second',
      text: '',
      findings: [],
      kind: 'variant',
      main: chart('other', () => 7),
      others: [],
    },
  ],
};
