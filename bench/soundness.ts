import { parseArgs } from 'node:util';
import { designs } from '../kernel/page-sharing/designs.js';
import { scenarios } from '../kernel/scenarios/scenarios.js';
import { CHECK_DEFAULTS } from '../src/cli/check.js';
import { Exploration } from '../src/cli/exploration.js';
import { strategies } from '../src/schedule/strategies.js';

/**
 * Whether anything is held against a sound kernel: a line for each report, and one for each scenario that has none in any
 * design. Exit status 1 when there is a report: it is a mistake in the kernel or a false alarm.
 * `node dist/bench/soundness.js [--schedules N] [--seed N] [--scenario NAME] [--design NAME]`
 */
const { values } = parseArgs({
  options: {
    schedules: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    scenario: { type: 'string' },
    design: { type: 'string' },
  },
});
const chosen = <T extends { readonly name: string }>(all: readonly T[], name: string | undefined) =>
  all.filter((one) => name === undefined || one.name === name);
const { memory, processes, stepLimit } = CHECK_DEFAULTS;

for (const { name: scenario, harts } of chosen(scenarios, values.scenario)) {
  let reports = 0;
  let schedules = 0;
  const started = performance.now();
  for (const { name: design } of chosen(designs, values.design)) {
    const kernel = { design, form: 'sound', bug: null, processes } as const;
    const exploration = new Exploration({ scenario, kernel, memory, stepLimit }, harts, 1, undefined);
    for (const { name: strategy } of strategies) {
      const result = await exploration.batch(strategy, Number(values.seed), 0, Number(values.schedules));
      schedules += result.schedules;
      for (const { schedule, signature } of [...result.failures, ...result.advice]) {
        reports++;
        process.stdout.write(`${scenario}, design ${design}, ${strategy} ${schedule}: ${signature}\n`);
      }
    }
    await exploration.close();
  }
  const perSchedule = ((performance.now() - started) / schedules) * 1000;
  if (reports > 0) process.exitCode = 1;
  else process.stdout.write(`${scenario}: ${schedules} schedules, ${perSchedule.toFixed(0)} µs each, no report\n`);
}
