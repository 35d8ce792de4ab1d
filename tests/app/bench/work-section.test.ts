import { describe, expect, it } from 'vitest';
import type { WorkCell } from '../../../src/app/bench/result.js';
import { workSection } from '../../../src/app/bench/work-section.js';
import { drawHartsChart } from '../../../src/report/html/harts-chart.js';
import { parsed, textsOf } from '../../support/markup.js';

const cell = (variant: string, work: string, harts: number, throughput: number): WorkCell => {
  return { variant, work, harts, operations: 8, cycles: 1000, throughput };
};

const { main, others, findings, text } = workSection('cow', {
  rounds: 4,
  pages: 8,
  cells: [
    cell('page-map-lock', 'fork-exec', 2, 30),
    cell('page-map-lock', 'fork-exec', 1, 20),
    cell('eager', 'fork-exec', 1, 10),
    cell('page-map-lock', 'fork-write-all', 1, 8),
  ],
});

describe('a bench of the kernel on the page', () => {
  it('has a chart for each work, with every variant in each', () => {
    expect([main, ...others].map(({ title }) => title)).toEqual(['fork-exec', 'fork-write-all']);
    expect(main.series).toEqual([
      {
        name: 'page-map-lock',
        points: [
          { harts: 1, value: 20 },
          { harts: 2, value: 30 },
        ],
      },
      { name: 'eager', points: [{ harts: 1, value: 10 }] },
    ]);
    expect(others[0]!.series.map(({ name, points }) => [name, points.length])).toEqual([
      ['page-map-lock', 1],
      ['eager', 0],
    ]);
    expect(main.description).toContain('the child runs another program');
    expect(text).toContain('4 times');
  });

  it('draws a variant that was not run as nothing', () => {
    const drawing = parsed(drawHartsChart(others[0]!, { width: 400, height: 300, names: true }));
    expect(textsOf(drawing, 'g[data-series] text')).toEqual(['page-map-lock']);
  });

  it('says how much more the most harts do', () => {
    expect(findings).toEqual([
      'page-map-lock: fork-exec: 20 with 1 hart, 30 with 2 harts, 1.5 times as many; fork-write-all: 8 with 1 hart.',
      'eager: fork-exec: 10 with 1 hart.',
    ]);
  });
});
