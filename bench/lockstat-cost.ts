import { parseArgs } from 'node:util';
import { median, spread } from '../src/report/spread.js';
import { isCommand } from './is-command.js';
import { forksPerSecond, type ScalingOptions } from './stress-scaling.js';
import { printMarkdown, type Table } from './table.js';

const HARTS = [1, 2];
const OFF: readonly string[] = [];
const WAYS = [
  { name: 'locks, times', options: ['--lockstat'] },
  { name: 'and call sites', options: ['--lockstat', '--callers'] },
];
const DEFAULTS: ScalingOptions = { rounds: 15, seconds: 2 };

/** By how much do statistics of locks slow the main job down? */
export function lockstatCost({ rounds, seconds }: ScalingOptions): Table {
  return {
    title: 'Cost of lockstat',
    note:
      `Forks per second of \`hartbreak stress --seconds ${seconds}\` with \`--lockstat\`, and with \`--callers\` too, and without ` +
      `either, where harts count and measure no time: ${rounds} rounds, in each of which all three have their run, every other ` +
      'time in the opposite order. The ratio is to the run without of the same round; the cost is what the median of the ' +
      'ratios lacks. A cost below zero is chance, and shows how much of that there is.',
    command: 'node dist/bench/lockstat-cost.js',
    heads: ['harts', 'statistics', 'forks/s', 'without', 'ratio', 'cost, %'],
    rows: rows(rounds, seconds),
  };
}

async function* rows(rounds: number, seconds: number): AsyncGenerator<readonly string[]> {
  for (const harts of HARTS) {
    const runs = [OFF, ...WAYS.map(({ options }) => options)].map((options) => ({ options, speeds: [] as number[] }));
    for (let round = 0; round < rounds; round++)
      for (const { options, speeds } of round % 2 === 0 ? runs : runs.toReversed())
        speeds.push(await forksPerSecond(harts, seconds, options));
    const [off, ...on] = runs.map(({ speeds }) => speeds);
    for (const [i, speeds] of on.entries()) {
      const ratios = speeds.map((speed, round) => speed / off![round]!);
      const cost = (100 * (1 - median(ratios))).toFixed(1);
      const shown = spread(ratios, (ratio) => ratio.toFixed(3));
      yield [String(harts), WAYS[i]!.name, spread(speeds), spread(off!), shown, cost];
    }
  }
}

if (isCommand(import.meta.url)) {
  const { values } = parseArgs({ options: { rounds: { type: 'string' }, seconds: { type: 'string' } } });
  const { rounds = DEFAULTS.rounds, seconds = DEFAULTS.seconds } = values;
  await printMarkdown(lockstatCost({ rounds: Number(rounds), seconds: Number(seconds) }));
}
