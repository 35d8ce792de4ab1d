import { Command, Option } from 'commander';
import { bugNamed } from '../../kernel/config.js';
import { HOSTED_DEFAULTS } from '../../kernel/scenarios/hosted-config.js';
import { scenarios } from '../../kernel/scenarios/scenarios.js';
import {
  CHECK_DEFAULTS,
  type CheckFailure,
  type CheckOptions,
  type CheckProgress,
  type CheckResult,
  check,
  EXHAUSTIVE,
} from '../app/check.js';
import { NUMBER_LIMITS } from '../app/check-options.js';
import { failureFileOf, refuseFolder, saveFailure } from '../app/failure-file.js';
import { adviceLines, explainedText } from '../app/failure-text.js';
import { VERSION } from '../app/manifest.js';
import { orUsageError } from '../app/usage-error.js';
import { type Page, pageOf } from '../report/page.js';
import { ProgressLine } from '../report/progress.js';
import { figure } from '../report/table.js';
import { commandText, fitted } from '../report/wrap.js';
import { strategies } from '../schedule/strategies.js';
import { oneOf, seconds, wholeNumber } from './arguments.js';
import { ExitStatus } from './exit-status.js';
import { interruptible, statusOf } from './interruption.js';
import { names, withKernelOptions } from './kernel-options.js';

interface ExploreOptions extends CheckOptions {
  readonly scenario?: string;
  readonly out: string;
  readonly json?: boolean;
}

const strategyNames = [...names(strategies), EXHAUSTIVE];

/** `hartbreak explore`: many schedules of a scenario under control, and every failure explained. */
export function exploreCommand(): Command {
  const scenario = scenarios[0]!.name;
  return withKernelOptions(new Command('explore'))
    .description('run many schedules of a scenario, and explain, shrink and save what fails')
    .addOption(
      new Option('-S, --scenario <name>', 'see `hartbreak scenarios`').default(
        undefined,
        `${scenario}, or the bug's own`,
      ),
    )
    .addOption(
      new Option('-t, --strategy <name>', strategyNames.join(', '))
        .argParser(oneOf('strategy', strategyNames))
        .default(CHECK_DEFAULTS.strategy),
    )
    .option('-n, --harts <number>', 'of a scenario that runs a program', wholeNumber('--harts', NUMBER_LIMITS.harts))
    .option('-N, --schedules <number>', 'at most this many', wholeNumber('--schedules', NUMBER_LIMITS.schedules))
    .option('-s, --seconds <number>', 'at most this long', seconds('--seconds'))
    .option('-x, --seed <number>', 'of the random strategies', wholeNumber('--seed', NUMBER_LIMITS.seed), 1)
    .option('--bound <number>', 'preemptions, for exhaustive', wholeNumber('--bound', NUMBER_LIMITS.bound), 2)
    .option(
      '-m, --memory <MiB>',
      'RAM of the machine',
      wholeNumber('--memory', NUMBER_LIMITS.memory),
      HOSTED_DEFAULTS.memory,
    )
    .option('--machines <number>', 'machines side by side', wholeNumber('--machines', NUMBER_LIMITS.machines))
    .option('--oracle', 'compare every run with the serial orders of its operations')
    .option('--classes', 'count classes of equivalent runs')
    .option('--stop-at-harm', 'stop soon after the first failure that does harm')
    .option('-o, --out <folder>', 'where failures are saved', 'hartbreak-failures')
    .option('--json', 'print one JSON object and nothing else')
    .action(explore);
}

async function explore({ scenario: asked, out, json, ...options }: ExploreOptions): Promise<void> {
  const { bug } = options;
  const scenario = asked ?? (bug === undefined || bug === null ? scenarios[0]!.name : bugNamed(bug).scenario);
  const line = new ProgressLine(process.stderr);
  // Before the work and not after it, when the report would be lost.
  refuseFolder(out);
  const stop = new AbortController();
  let isStarting = true;
  const what = {
    stop: () => stop.abort(),
    leave: () => line.clear(),
    get isStarting() {
      return isStarting;
    },
  };
  const exploration = () =>
    check(scenario, {
      ...options,
      ...(options.schedules === undefined && options.seconds !== undefined
        ? { schedules: NUMBER_LIMITS.schedules.max }
        : {}),
      signal: stop.signal,
      progress: (soFar) => {
        isStarting = false;
        line.show(progressText(soFar));
      },
    });
  let result: CheckResult | undefined;
  const signal = await interruptible(what, async () => {
    result = await orUsageError(exploration);
  }).finally(() => line.clear());
  const { failures, ok } = result!;
  const saved = failures.map((failure) => ({
    failure,
    file: saveFailure(out, failureFileOf(result!, failure, VERSION)),
  }));
  const page = pageOf(process.stdout);
  process.stdout.write(json === true ? `${JSON.stringify(summary(result!, saved))}\n` : text(result!, saved, page));
  if (signal !== undefined && failures.length === 0) process.exitCode = statusOf(signal);
  else process.exitCode = ok ? ExitStatus.Held : ExitStatus.Failed;
}

function progressText({ schedules, seconds: elapsed, failures }: CheckProgress): string {
  const found = failures === 0 ? '' : `, ${figure(failures)} failures`;
  return `${figure(schedules)} schedules, ${figure(schedules / elapsed)}/s, ${elapsed.toFixed(0)} s${found}`;
}

interface Saved {
  readonly failure: CheckFailure;
  readonly file: string;
}

/** The JSON of `explore --json`. */
function summary(result: CheckResult, saved: readonly Saved[]) {
  const { scenario, design, form, bug, lock, refs, freelist, strategy, seed, harts, schedules, steps } = result;
  return {
    ...{ scenario, design, form, bug, lock, refs, freelist, strategy, seed, harts, schedules, steps },
    seconds: result.seconds,
    schedulesPerSecond: result.schedulesPerSecond,
    firstFailureAt: result.firstFailureAt,
    failures: saved.map(({ failure, file }) => ({
      kind: failure.kind,
      summary: failure.explanation?.summary ?? failure.summary,
      harmful: failure.explanation?.harmful ?? failure.harm,
      preemptions: failure.explanation?.preemptions ?? failure.plan.switches.length,
      file,
    })),
    classes: result.classes ?? {},
    compared: result.compared,
    coverage: result.coverage ?? {},
    interrupted: result.interrupted,
    ok: result.ok,
  };
}

function text(result: CheckResult, saved: readonly Saved[], page: Page): string {
  const parts = saved.map(({ failure, file }) =>
    failure.explanation === undefined
      ? `${fitted(`${failure.kind}: ${failure.summary}`, page.width)}\n${commandText('  not explained; replay:', `hartbreak replay ${file}`, page.width)}`
      : explainedText(failure.explanation, `hartbreak replay ${file}`, page),
  );
  return `${[...parts, verdict(result, page)].join('\n\n')}\n`;
}

function verdict(result: CheckResult, { width, paint }: Page): string {
  const { title, strategy, schedules, steps, firstFailureAt, classes, compared, coverage } = result;
  const pace = `${figure(schedules)} schedules, ${figure(steps)} steps, ${figure(result.schedulesPerSecond)} schedules/s`;
  const lines = [`${title}, ${strategy}: ${pace}`];
  if (classes !== null)
    lines.push(
      `${figure(classes.count)} classes of equivalent runs, the last new one in schedule ${classes.lastNewAt}`,
    );
  if (compared !== null) lines.push(`${figure(compared)} of them compared with serial orders of the same operations`);
  if (coverage !== null)
    lines.push(
      coverage.complete
        ? result.ok
          ? `no failing schedule with at most ${coverage.bound} preemptions: all of them were run (${coverage.equivalent} were covered by others)`
          : `every schedule with at most ${coverage.bound} preemptions was run`
        : `not finished: every schedule with at most ${coverage.completedBound} preemptions was run, about ${figure(coverage.estimatedRest)} are left`,
    );
  if (result.interrupted) lines.push('interrupted: it was to run more schedules');
  if (result.ok) lines.push(...adviceLines(result));
  const ending = result.ok
    ? `${paint('good', 'held')}: no failure`
    : `${paint('bad', 'FAILED')}: first in schedule ${firstFailureAt}`;
  return `${fitted(lines.join('\n'), width)}\n${ending}`;
}
