import { parseArgs } from 'node:util';
import { designs } from '../kernel/page-sharing/designs.js';
import { scenarios } from '../kernel/scenarios/scenarios.js';
import { CHECK_DEFAULTS, check, EXHAUSTIVE } from '../src/app/check.js';

/**
 * In which scenarios every schedule of a sound kernel with at most so many preemptions can be run: a row of Markdown for
 * each scenario of two harts, with the number of schedules in each design, or how far the search came in the time that it
 * had. Exit status 1 when there is a failure: it is a mistake in the kernel or a false alarm.
 *
 * `node dist/bench/exhaustive.js [--bound N] [--seconds S] [--scenario NAME]… [--design NAME]…`
 */
const { values } = parseArgs({
  options: {
    bound: { type: 'string', default: String(CHECK_DEFAULTS.bound) },
    seconds: { type: 'string', default: '60' },
    scenario: { type: 'string', multiple: true },
    design: { type: 'string', multiple: true },
  },
});
/** As many as the time allows. */
const SCHEDULES = 1_000_000_000;

async function cell(scenario: string, design: string): Promise<string> {
  const { coverage, schedules, failures } = await check(scenario, {
    ...{ design, strategy: EXHAUSTIVE, bound: Number(values.bound), seconds: Number(values.seconds) },
    ...{ schedules: SCHEDULES, explain: 0 },
  });
  const [failure] = failures;
  if (failure !== undefined) {
    process.exitCode = 1;
    return `FAILED: ${failure.summary}`;
  }
  if (coverage === null) throw new Error('an exhaustive search says what it covered');
  return coverage.complete ? `all ${schedules}` : `${schedules}, ${coverage.queued} queued`;
}

const print = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`);
const chosen = designs.map(({ name }) => name).filter((name) => values.design?.includes(name) ?? true);
print(['scenario', ...chosen]);
print(['---', ...chosen.map(() => '---')]);
for (const { name: scenario, harts } of scenarios) {
  if (harts > 2 || values.scenario?.includes(scenario) === false) continue;
  const cells: string[] = [];
  for (const design of chosen) cells.push(await cell(scenario, design));
  print([scenario, ...cells]);
}
