import { LoneProgram } from '../tests/support/lone-program.js';

/** Programs and arguments that take tenths of a second: byte stores with strides, calls through pointers, nothing but registers. */
const programs: readonly (readonly [string, string])[] = [
  ['sieve', '20'],
  ['qsort', '5'],
  ['spin', '100'],
];
const RUNS = 7;

/** How many millions of instructions a second does tier 0 execute, in compiled C behind Sv39? Median and best of some runs. */
export function engineSpeed(): string {
  const lines = programs.map(([name, argument]) => {
    const speeds = Array.from({ length: RUNS }, () => mips(name, argument)).sort((a, b) => a - b);
    const [median, best] = [speeds[RUNS >> 1] ?? 0, speeds.at(-1) ?? 0];
    return `${name.padEnd(8)} ${median.toFixed(0).padStart(6)} MIPS (best ${best.toFixed(0)})`;
  });
  return lines.join('\n');
}

/** The whole run counts, V8's start in slow code included. */
function mips(name: string, argument: string): number {
  const program = new LoneProgram(name, argument);
  const start = performance.now();
  const instructions = program.run();
  return instructions / (performance.now() - start) / 1000;
}
