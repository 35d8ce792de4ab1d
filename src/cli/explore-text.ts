import type { CheckResult } from '../app/check.js';
import type { KernelResult } from '../app/check-kernel.js';
import type { ExploredResult } from '../app/explore-subject.js';
import { adviceLines } from '../app/failure-text.js';
import type { Page } from '../report/page.js';
import { figure } from '../report/table.js';
import { fitted } from '../report/wrap.js';
import { type SavedFailure, savedText } from './saved-failure.js';

/** The JSON of `explore --json`. */
export function exploreSummary(result: CheckResult | KernelResult, saved: readonly SavedFailure[]) {
  const { strategy, seed, harts, schedules, steps } = result;
  return {
    ...whatWasExplored(result),
    ...{ strategy, seed, harts, schedules, steps },
    seconds: result.seconds,
    schedulesPerSecond: result.schedulesPerSecond,
    firstFailureAt: result.firstFailureAt,
    failures: saved.map(({ failure, file }) => ({
      kind: failure.kind,
      summary: failure.explanation?.summary ?? failure.summary,
      harmful: failure.explanation?.harmful ?? failure.harm,
      preemptions: failure.explanation?.preemptions ?? failure.plan.switches.length,
      file: file ?? null,
    })),
    classes: result.classes ?? {},
    compared: result.compared,
    coverage: result.coverage ?? {},
    interrupted: result.interrupted,
    ok: result.ok,
  };
}

function whatWasExplored(result: CheckResult | KernelResult) {
  if ('kernel' in result) {
    const { kernel, disk, exec, scenario } = result;
    return scenario === null ? { kernel, disk, exec } : { kernel, disk, exec, scenario };
  }
  const { scenario, design, form, bug, lock, refs, freelist } = result;
  return { scenario, design, form, bug, lock, refs, freelist };
}

/** The report of `explore`. */
export function exploreText(result: ExploredResult, saved: readonly SavedFailure[], page: Page): string {
  const parts = saved.map((one) => savedText(one, page));
  return `${[...parts, verdict(result, page)].join('\n\n')}\n`;
}

function verdict(result: ExploredResult, { width, paint }: Page): string {
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
