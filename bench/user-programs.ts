import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { designs } from '../kernel/page-sharing/designs.js';
import { UsageError } from '../src/app/usage-error.js';
import { oneOf, wholeNumber } from '../src/cli/arguments.js';
import { type Place, problemsOf, type SelfTest, selfTests, session } from '../tests/support/self-test.js';

/**
 * Whether every design holds, in its sound form, under the programs that test the kernel from inside: each of them runs
 * many times in a row, on a freshly booted machine of 1, 2, 4 and 8 harts, and must exit with success and leave a clean
 * ledger and an undamaged disk (usertests looks by itself for pages that are lost). A row for each design and number of
 * harts; exit status 1 when one did not hold even once: its console is kept.
 *
 * `node dist/bench/user-programs.js [--times N] [--design NAME]… [--harts N]… [--program NAME]…`
 */
const FOLDER = 'hartbreak-failures';

interface Plan {
  readonly times: number;
  readonly places: readonly Place[];
  readonly tests: readonly SelfTest[];
}

/** Throws UsageError, or what parseArgs throws, when the command is wrong. */
function plan(): Plan {
  const designNames = designs.map(({ name }) => name);
  const programNames = selfTests.map(({ name }) => name);
  const { values } = parseArgs({
    options: {
      times: { type: 'string', default: '20' },
      design: { type: 'string', multiple: true, default: designNames },
      harts: { type: 'string', multiple: true, default: ['1', '2', '4', '8'] },
      program: { type: 'string', multiple: true, default: programNames },
    },
  });
  const harts = values.harts.map(wholeNumber('--harts', { min: 1, max: 64 }));
  const programs = values.program.map(oneOf('program', programNames));
  return {
    times: wholeNumber('--times', { min: 1, max: 1_000_000 })(values.times),
    places: values.design
      .map(oneOf('design', designNames))
      .flatMap((design) => harts.map((n) => ({ design, harts: n }))),
    tests: selfTests.filter(({ name }) => programs.includes(name)),
  };
}

interface Run {
  readonly passed: boolean;
  /** How many the ledger found. */
  readonly violations: number;
  readonly seconds: number;
}

async function run(test: SelfTest, place: Place, time: number): Promise<Run> {
  const started = performance.now();
  const over = await session([test.name], place, ...(test.options ?? []));
  const seconds = (performance.now() - started) / 1000;
  const problems = problemsOf(over, [test], place.design);
  if (problems.length > 0) {
    const file = join(FOLDER, `${test.name}-${place.design}-${place.harts}-harts-${time}.txt`);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(file, over.console);
    process.stdout.write(`${file}: ${problems.join('; ')}\n`);
  }
  return { passed: problems.length === 0, violations: over.report?.ledger.violations.length ?? 0, seconds };
}

/** The row of a place: passes of each test, violations, seconds in all and of the run that took longest. */
async function row({ times, tests }: Plan, place: Place): Promise<string[]> {
  const runs: Run[] = [];
  const passes: string[] = [];
  for (const test of tests) {
    const own: Run[] = [];
    for (let time = 1; time <= times; time++) own.push(await run(test, place, time));
    passes.push(`${own.filter(({ passed }) => passed).length}/${times}`);
    runs.push(...own);
  }
  if (!runs.every(({ passed }) => passed)) process.exitCode = 1;
  const seconds = runs.map((one) => one.seconds);
  const figures = [sum(runs.map(({ violations }) => violations)), sum(seconds), Math.max(...seconds)];
  return [place.design, String(place.harts), ...passes, ...figures.map((figure) => figure.toFixed(0))];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

async function main(): Promise<void> {
  const whole = plan();
  const heads = ['design', 'harts', ...whole.tests.map(({ name }) => name), 'violations', 'wall s', 'longest s'];
  const first = Math.max(...whole.places.map(({ design }) => design.length), heads[0]!.length);
  // Printed as they come: all of them together take hours.
  const print = ([design, ...figures]: readonly string[]) => {
    const cells = figures.map((figure, i) => figure.padStart(heads[i + 1]!.length));
    process.stdout.write(`${[design!.padEnd(first), ...cells].join('  ')}\n`);
  };
  print(heads);
  for (const place of whole.places) print(await row(whole, place));
}

try {
  await main();
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  if (!(error instanceof UsageError) && !code?.startsWith('ERR_PARSE_ARGS_')) throw error;
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
