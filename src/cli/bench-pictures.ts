import { contentionSection, throughputChart } from '../app/contention-page.js';
import { FileOut } from '../app/file-out.js';
import type { LockBenchCell, LockBenchOptions } from '../app/lock-bench.js';
import { VERSION } from '../app/manifest.js';
import { COST_NAMES } from '../schedule/time-costs.js';

/** Where pictures of a bench go. */
export interface PictureFiles {
  readonly html?: string;
  readonly svg?: string;
}

/** What a bench came to, and how it was called. */
export interface Pictured {
  readonly cells: readonly LockBenchCell[];
  /** Of cells, had it not been interrupted. */
  readonly count: number;
  readonly options: LockBenchOptions;
  /** `hartbreak bench locks --html page.html` */
  readonly command: string;
}

/** The files with pictures that a bench is asked for. */
export class BenchPictures {
  private readonly html: FileOut | undefined;
  private readonly svg: FileOut | undefined;

  /** Throws UsageError when a file could not be written. */
  constructor({ html, svg }: PictureFiles) {
    this.html = html === undefined ? undefined : new FileOut(html, { option: '--html', content: 'the page' });
    this.svg = svg === undefined ? undefined : new FileOut(svg, { option: '--svg', content: 'the picture' });
  }

  /** What is in the way, a line each. */
  async save(bench: Pictured): Promise<string[]> {
    const files = [this.html, this.svg].filter((file) => file !== undefined);
    if (files.length === 0) return [];
    if (bench.cells.length === 0) return ['there are no figures yet, so there is no picture'];
    const saved = [this.html?.save(await pageOf(bench)), this.svg?.save(await pictureOf(bench))];
    return saved.filter((complaint) => complaint !== undefined);
  }
}

// Drawing takes modules that no other command should have to load.

async function pageOf({ cells, count, options, command }: Pictured): Promise<string> {
  const { benchPage } = await import('../report/html/bench-page.js');
  const { costs, workload } = options;
  return benchPage({
    title: 'hartbreak: locks under contention',
    lead: 'Figures of virtual time: each hart has a clock, and every access is charged what it costs by a model of caches. They are the same on every machine.',
    ...(cells.length < count ? { notice: `Interrupted after ${cells.length} of ${count} runs.` } : {}),
    facts: [
      ['command', command],
      ['version', VERSION],
      ['seed', String(workload.seed)],
      ['costs in cycles', COST_NAMES.map((name) => `${name} ${costs[name]}`).join(', ')],
    ],
    sections: [contentionSection(cells, workload)],
  });
}

async function pictureOf({ cells, command }: Pictured): Promise<string> {
  const { picture } = await import('../report/html/picture.js');
  return picture(throughputChart(cells), `virtual time · ${command}`);
}
