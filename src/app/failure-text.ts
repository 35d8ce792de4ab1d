import { unusualChoices } from '../../kernel/scenarios/hosted-config.js';
import type { Explanation } from '../explore/explanation.js';
import { failureText } from '../report/failure-report.js';
import { PLAIN_PAGE } from '../report/page.js';
import { fitted } from '../report/wrap.js';
import type { CheckResult } from './check.js';

/** The report of one explained failure; `replay` is the command that brings it back. */
export function explainedText(explanation: Explanation, replay: string, page = PLAIN_PAGE): string {
  return failureText({ ...explanation, replay }, page);
}

/** All that a check found, as a person reads it: a line when it held, a report for every failure when it did not. */
export function reportText(result: CheckResult): string {
  const { title, scenario, design, form, bug, strategy, seed, schedules } = result;
  if (result.ok)
    return plainly(`${title}: held in ${schedules} schedules of ${strategy}, seed ${seed}`, ...adviceLines(result));
  const unusual = unusualChoices(result).map(([option, name]) => `, ${option}: '${name}'`);
  const again = (schedule: number) =>
    `check('${scenario}', { design: '${design}', form: '${form}', bug: ${bug === null ? 'null' : `'${bug}'`}${unusual.join('')}, strategy: '${strategy}', seed: ${seed}, schedules: ${schedule + 1} })`;
  return result.failures
    .map((failure) =>
      failure.explanation === undefined
        ? plainly(`${failure.kind}: ${failure.summary}`, `  in ${title}`)
        : explainedText(failure.explanation, again(failure.schedule)),
    )
    .join('\n\n');
}

function plainly(...lines: readonly string[]): string {
  return fitted(lines.join('\n'), PLAIN_PAGE.width);
}

/** What was told although every run held: a rule was broken, and whatever could have raced was ordered by other means. */
export function adviceLines({ advice }: Pick<CheckResult, 'advice'>): string[] {
  return advice.map(
    ({ kind, summary }) => `also: ${kind}: ${summary}; harmless in all of these runs, and no data race`,
  );
}
