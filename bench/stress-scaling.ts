import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RunSummary } from '../src/report/run-summary.js';
import { median, spread } from '../src/report/spread.js';
import { COMMAND } from '../tests/support/command.js';
import type { Table } from './table.js';

export interface ScalingOptions {
  readonly rounds: number;
  /** Of one run. */
  readonly seconds: number;
}

const HARTS = [1, 2, 4, 8];
const run = promisify(execFile);

/** How many forks a second does the main job come to, on how many harts? */
export function stressScaling({ rounds, seconds }: ScalingOptions): Table {
  return {
    title: 'Scaling of stress',
    note:
      `Forks per second of \`hartbreak stress --harts N --seconds ${seconds}\`: median (least–most) of ${rounds} rounds, ` +
      'in each of which every number of harts has its run. The factor is of the medians, to one hart. More harts than the ' +
      'host has cores take turns on them.',
    command: `for n in ${HARTS.join(' ')}; do node dist/bundle/src/cli/main.js stress --harts $n --seconds ${seconds}; done`,
    heads: ['harts', 'forks/s', 'factor'],
    rows: rows(rounds, seconds),
  };
}

async function* rows(rounds: number, seconds: number): AsyncGenerator<readonly string[]> {
  const speeds: number[][] = HARTS.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, harts] of HARTS.entries()) speeds[i]!.push(await forksPerSecond(harts, seconds));
  for (const [i, harts] of HARTS.entries())
    yield [String(harts), spread(speeds[i]!), (median(speeds[i]!) / median(speeds[0]!)).toFixed(2)];
}

/** In a process of its own, as a user runs it. It fails when the ledger is not clean. @param options more of stress */
export async function forksPerSecond(harts: number, seconds: number, options: readonly string[] = []): Promise<number> {
  const args = ['stress', '--harts', String(harts), '--seconds', String(seconds), '--json', ...options];
  const { stdout } = await run(process.execPath, [COMMAND, ...args]);
  const summary = JSON.parse(stdout) as RunSummary;
  return summary.forks / summary.seconds;
}
