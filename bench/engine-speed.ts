import { LoneProgram } from '../tests/support/lone-program.js';
import { spread } from './spread.js';
import type { Table } from './table.js';

/** Programs and arguments that take tenths of a second: byte stores with strides, calls through pointers, nothing but registers. */
const programs: readonly (readonly [string, string])[] = [
  ['sieve', '20'],
  ['qsort', '5'],
  ['spin', '100'],
];

/** How many millions of instructions a second does tier 0 execute, in compiled C behind Sv39? */
export function engineSpeed(runs: number): Table {
  return {
    title: 'Speed of the interpreter',
    note: `Compiled C behind Sv39, V8's start in slow code included: median (least–most) of ${runs} whole runs.`,
    command: 'npm run bench',
    heads: ['program', 'MIPS'],
    rows: rows(runs),
  };
}

async function* rows(runs: number): AsyncGenerator<readonly string[]> {
  for (const [name, argument] of programs)
    yield [name, spread(Array.from({ length: runs }, () => mips(name, argument)))];
}

function mips(name: string, argument: string): number {
  const program = new LoneProgram(name, [argument]);
  const start = performance.now();
  const instructions = program.run();
  return instructions / (performance.now() - start) / 1000;
}
