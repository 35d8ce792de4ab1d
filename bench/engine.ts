import { compileInterpreter } from '../src/interpreter/compile-interpreter.js';
import { createInterpreter } from '../src/interpreter/interpreter.js';
import { median, spread } from '../src/report/spread.js';
import { useBranchHints } from '../src/translator/branch-hints.js';
import { createTranslator } from '../src/translator/translator.js';
import { LoneProgram } from '../tests/support/lone-program.js';
import { isCommand } from './is-command.js';
import { isQemuThere, runInQemu } from './qemu.js';
import { printMarkdown, type Table } from './table.js';

/** Kernels of kernel/user/src/kernels.c, and repetitions that take QEMU a large part of a second. */
const kernels: readonly (readonly [name: string, repetitions: number])[] = [
  ['alu', 600],
  ['sieve', 400],
  ['matrix', 500],
  ['memcpy', 20_000],
  ['quicksort', 60],
  ['fib', 1500],
  ['crc', 2000],
  ['states', 30_000],
  ['list', 16_000],
  ['mix', 10_000],
];
const PROGRAM = 'kernels';
/** Instructions between two looks of a hart at its clock. */
const SLICE = 100_000;
const FIGURES = 2;

/** How fast is guest code, by either engine, and beside QEMU? */
export function engineSpeed(runs: number): Table {
  return {
    title: 'Speed of the engines',
    note: `Compiled C behind Sv39, each run from cold code on. MIPS: median (least–most) of ${runs} runs in turn. Of QEMU: its time over ours, of the medians, without the time that a program takes there which does nothing; above 1 we are faster.`,
    command: 'npm run build && node dist/bench/engine.js',
    heads: ['kernel', 'instructions, M', 'interpreter, MIPS', 'translator, MIPS', 'QEMU, MIPS', 'translator of QEMU'],
    rows: rows(runs),
  };
}

async function* rows(runs: number): AsyncGenerator<readonly string[]> {
  // As a machine's threads have it.
  useBranchHints();
  const module = compileInterpreter();
  const engines = [createInterpreter(module), createTranslator(module)];
  const withQemu = isQemuThere();
  const ratios: number[] = [];
  for (const [name, repetitions] of kernels) {
    const args = [name, String(repetitions)];
    const times: number[][] = engines.map(() => []);
    const qemu: number[] = [];
    const nothing: number[] = [];
    let instructions = 0;
    for (let run = 0; run < runs; run++) {
      const consoles = engines.map((engine, i) => {
        const program = new LoneProgram(PROGRAM, args, engine);
        const start = performance.now();
        instructions = program.run(SLICE);
        times[i]!.push(performance.now() - start);
        return program.console;
      });
      if (withQemu) {
        const { milliseconds, console } = runInQemu(PROGRAM, args);
        qemu.push(milliseconds);
        // In turn, too: a process that only starts takes as long as some kernels, and longer on a host with other things to do.
        nothing.push(runInQemu(PROGRAM, ['alu', '0']).milliseconds);
        consoles.push(console);
      }
      if (new Set(consoles).size > 1) throw new Error(`engines differ: ${consoles.join(', ')}`);
    }
    const mips = (milliseconds: readonly number[]): string =>
      spread(milliseconds.map((time) => instructions / time / 1000));
    const own = qemu.map((time) => time - median(nothing));
    const ratio = withQemu ? median(own) / median(times[1]!) : Number.NaN;
    ratios.push(ratio);
    const beside = withQemu ? [mips(own), ratio.toFixed(FIGURES)] : ['not installed', ''];
    yield [name, (instructions / 1e6).toFixed(0), ...times.map(mips), ...beside];
  }
  if (withQemu) yield ['geometric mean', '', '', '', '', geometricMean(ratios).toFixed(FIGURES)];
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

const RUNS = 5;
if (isCommand(import.meta.url)) await printMarkdown(engineSpeed(RUNS));
