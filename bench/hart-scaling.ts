import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { DEFAULT_LOCK } from '../kernel/locks/families.js';
import { FREE_RUNNING_LIST } from '../kernel/memory/free-lists.js';
import { OWN_COUNTS } from '../kernel/page-sharing/counts/schemes.js';
import { ProgressLine } from '../src/report/progress.js';
import type { RunSummary } from '../src/report/run-summary.js';
import { spread } from '../src/report/spread.js';
import { COMMAND } from '../tests/support/command.js';
import { isCommand } from './is-command.js';
import { printMarkdown, type Table } from './table.js';

export interface HartScalingOptions {
  readonly rounds: number;
  /** Of one run. */
  readonly seconds: number;
  readonly kernels: readonly Combination[];
}

/** What is chosen of the kernel. */
export interface Combination {
  readonly lock: string;
  readonly refs: string;
  readonly freelist: string;
}

/** The default; each of its parts exchanged; and what is quickest together. */
export const COMBINATIONS: readonly Combination[] = [
  { lock: DEFAULT_LOCK.name, refs: OWN_COUNTS.name, freelist: FREE_RUNNING_LIST.name },
  { lock: 'adaptive', refs: 'own', freelist: 'one' },
  { lock: 'adaptive', refs: 'per-page', freelist: 'per-hart' },
  { lock: 'adaptive', refs: 'atomic', freelist: 'one' },
  { lock: 'adaptive', refs: 'atomic', freelist: 'per-hart' },
  { lock: 'mcs', refs: 'atomic', freelist: 'per-hart' },
];

/**
 * What does a machine with two harts make of two cores? Measured against two machines with one hart each, at once: those
 * share nothing but the host.
 */
export function hartScaling({ rounds, seconds, kernels }: HartScalingOptions): Table {
  return {
    title: 'Two harts against two machines',
    note:
      `Forks per second of \`hartbreak stress --seconds ${seconds}\`, median (least–most) of ${rounds} rounds. In each round, ` +
      'and for each kernel, one machine with one hart, two such machines at once, and one machine with two harts run in ' +
      'turn. The ratio is that of two harts to two machines in the same round.',
    command: `node dist/bench/hart-scaling.js --rounds ${rounds} --seconds ${seconds}`,
    heads: ['lock', 'refs', 'freelist', 'one hart', 'two machines at once', 'two harts', 'ratio'],
    rows: rows(rounds, seconds, kernels),
  };
}

const run = promisify(execFile);

interface Round {
  readonly one: number;
  readonly apart: number;
  readonly together: number;
}

async function* rows(rounds: number, seconds: number, kernels: readonly Combination[]) {
  const line = new ProgressLine(process.stderr);
  const measured: Round[][] = kernels.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, kernel] of kernels.entries()) {
      line.show(`round ${round + 1} of ${rounds}, ${Object.values(kernel).join(' ')}`);
      const one = await forksPerSecond(1, seconds, kernel);
      const both = await Promise.all([forksPerSecond(1, seconds, kernel), forksPerSecond(1, seconds, kernel)]);
      const together = await forksPerSecond(2, seconds, kernel);
      measured[i]!.push({ one, apart: both[0] + both[1], together });
    }
  line.clear();
  for (const [i, { lock, refs, freelist }] of kernels.entries()) {
    const all = measured[i]!;
    const ratios = all.map(({ apart, together }) => together / apart);
    yield [
      ...[lock, refs, freelist],
      ...(['one', 'apart', 'together'] as const).map((key) => spread(all.map((each) => each[key]))),
      spread(ratios, (ratio) => ratio.toFixed(2)),
    ];
  }
}

/** In a process of its own, as a user runs it. It fails when the ledger is not clean. */
async function forksPerSecond(harts: number, seconds: number, kernel: Combination): Promise<number> {
  const chosen = Object.entries(kernel).flatMap(([option, name]) => [`--${option}`, name]);
  const args = ['stress', '--harts', String(harts), '--seconds', String(seconds), '--json', ...chosen];
  const { stdout } = await run(process.execPath, [COMMAND, ...args]);
  const summary = JSON.parse(stdout) as RunSummary;
  return summary.forks / summary.seconds;
}

if (isCommand(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      seconds: { type: 'string', default: '4' },
      kernel: { type: 'string', multiple: true },
    },
  });
  const asked = values.kernel?.map((text): Combination => {
    const [lock = '', refs = '', freelist = ''] = text.split(',');
    return { lock, refs, freelist };
  });
  const options = { rounds: Number(values.rounds), seconds: Number(values.seconds) };
  await printMarkdown(hartScaling({ ...options, kernels: asked ?? COMBINATIONS }));
}
