import type { BenchPage } from '../../report/html/bench-page.js';
import { costText } from './bench-text.js';
import { contentionSection, throughputChart } from './contention-section.js';
import type { BenchResult } from './result.js';
import { WORK_BENCHES, type WorkBench, workSection } from './work-section.js';

// Drawing takes modules that no other command should have to load.

/**
 * The figures of virtual time as a page, HTML; undefined when there are none yet.
 * @param command that made them
 */
export async function pageOf(result: BenchResult, command: string): Promise<string | undefined> {
  const content = contentOf(result, command);
  if (content.sections.length === 0) return undefined;
  const { benchPage } = await import('../../report/html/bench-page.js');
  return benchPage(content);
}

/** The throughput of locks as a picture, SVG; undefined when there are no figures yet. */
export async function pictureOf({ virtual }: BenchResult, command: string): Promise<string | undefined> {
  if (virtual.locks === undefined) return undefined;
  const { picture } = await import('../../report/html/picture.js');
  return picture(throughputChart(virtual.locks.cells), `virtual time · ${command}`);
}

function contentOf({ version, virtual, interrupted }: BenchResult, command: string): BenchPage {
  const works = (Object.keys(WORK_BENCHES) as WorkBench[]).flatMap((bench) => {
    const figures = virtual[bench];
    return figures === undefined ? [] : [workSection(bench, figures)];
  });
  const seed = virtual.locks?.workload.seed;
  return {
    title: 'hartbreak: locks and kernels under contention',
    lead: 'Figures of virtual time: each hart has a clock, and every access is charged what it costs by a model of caches. They are the same on every machine.',
    ...(interrupted ? { notice: 'It was interrupted: figures are missing.' } : {}),
    facts: [
      ['command', command],
      ['version', version],
      ...(seed === undefined ? [] : ([['seed', String(seed)]] as const)),
      ['costs in cycles', costText(virtual.costs)],
    ],
    sections: [...(virtual.locks === undefined ? [] : [contentionSection(virtual.locks)]), ...works],
  };
}
