import type { HostedConfig } from '../../kernel/scenarios/hosted-config.js';
import type { CampaignResult } from '../app/campaign.js';
import type { TargetState } from '../app/campaign-state.js';
import type { Page } from '../report/page.js';
import { figure, textTable } from '../report/table.js';
import { fitted } from '../report/wrap.js';
import { type SavedFailure, savedText } from './saved-failure.js';

/** A failure of a campaign, and where it was met. */
export interface MetFailure extends SavedFailure {
  readonly scenarios: readonly string[];
}

/** What a campaign came to, as a person reads it: what failed, a table, and a verdict. */
export function campaignText(result: CampaignResult, saved: readonly MetFailure[], page: Page): string {
  const parts = [
    ...saved.map((one) => failureText(one, page)),
    ...notSetUp(result, page),
    table(result),
    verdict(result, page),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** The JSON of `campaign --json`. */
export function summaryOf({ choice, targets, ...result }: CampaignResult, saved: readonly MetFailure[]) {
  return {
    ...choice,
    schedules: result.schedules,
    seconds: result.seconds,
    targets: targets.map(({ bug, schedules, found, done, notSetUp: broken }) => ({
      bug,
      schedules,
      found,
      designs: done,
      notSetUp: broken.map(({ subject, why }) => ({ scenario: subject.scenario, design: subject.kernel.design, why })),
    })),
    failures: saved.map(({ failure, scenarios, file }) => ({
      kind: failure.kind,
      summary: failure.explanation?.summary ?? failure.summary,
      harmful: failure.explanation?.harmful ?? failure.harm,
      scenarios,
      file: file ?? null,
    })),
    interrupted: result.interrupted,
    ok: result.ok,
  };
}

function failureText({ scenarios, ...saved }: MetFailure, page: Page): string {
  const [first, ...others] = scenarios;
  const where = others.length === 0 ? `in ${first}` : `in ${first} and ${figure(others.length)} other scenarios`;
  return saved.failure.explanation === undefined
    ? savedText(saved, page, `\n  ${where}`)
    : `${savedText(saved, page)}\n${fitted(`  met ${where}`, page.width)}`;
}

function notSetUp({ targets }: CampaignResult, page: Page): string[] {
  const all = targets.flatMap(({ notSetUp: broken }) => broken);
  const [first] = all;
  if (first === undefined) return [];
  const { scenario, kernel } = first.subject;
  const others = all.length === 1 ? '' : `, and ${figure(all.length - 1)} more cannot`;
  return [fitted(`${scenario}, design ${kernel.design}: ${first.why}${others}`, page.width)];
}

/** Of each mistake how it was found; without one, what failed in each design. */
function table({ choice, targets }: CampaignResult): string {
  if (choice.bug !== null)
    return textTable(['bug', 'schedules', 'found in', 'design', 'by', 'shown by'], targets.map(bugRow), 'left');
  const [all] = targets;
  const rows = choice.designs.map((design) => designRow(all!, design));
  return textTable(['design', 'pieces of work', 'schedules', 'failures', 'harmful', 'not set up'], rows);
}

function designRow({ done, failures, notSetUp: broken }: TargetState, design: string): string[] {
  const { pieces, schedules } = done[design] ?? { pieces: 0, schedules: 0 };
  const isHere = ({ subject }: { readonly subject: HostedConfig }) => subject.kernel.design === design;
  const here = failures.filter(isHere);
  const harmful = here.filter(({ failure }) => failure.harm);
  return [design, ...[pieces, schedules, here.length, harmful.length, broken.filter(isHere).length].map(figure)];
}

/** By what the first harm was done. */
function bugRow({ bug, schedules, found, failures, notSetUp: broken }: TargetState): string[] {
  const [first] = broken;
  if (first !== undefined)
    return [
      bug ?? '',
      figure(schedules),
      first.subject.scenario,
      first.subject.kernel.design,
      'setting it up',
      'panic',
    ];
  const harm = failures.find(({ failure }) => failure.harm);
  if (found === null || harm === undefined) return [bug ?? '', figure(schedules), '–', '', '', ''];
  const { subject, strategy, failure } = harm;
  return [bug ?? '', figure(found), subject.scenario, subject.kernel.design, strategy, failure.kind];
}

function verdict(result: CampaignResult, { width, paint }: Page): string {
  const { targets, schedules, seconds, interrupted, ok } = result;
  const lines = [`${figure(schedules)} schedules, ${seconds.toFixed(0)} s`];
  if (interrupted) lines.push('interrupted: it was to run more schedules');
  const looked = targets.filter(({ bug }) => bug !== null);
  if (looked.length > 0)
    lines.push(`${looked.filter(({ found }) => found !== null).length} of ${looked.length} mistakes found`);
  const ending = ok ? `${paint('good', 'held')}: no failure` : `${paint('bad', 'FAILED')}`;
  return `${fitted(lines.join('\n'), width)}\n${ending}`;
}
