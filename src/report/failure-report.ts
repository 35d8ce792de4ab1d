import type { Explanation } from '../explore/explanation.js';
import type { CriticalPair, ExplainedAccess } from '../explore/interleaving.js';
import { interleavingText } from './interleaving.js';
import type { Page } from './page.js';
import { commandText, fitted, hanging } from './wrap.js';

/** What a report tells of an explained failure. */
export interface FailureReport extends Omit<Explanation, 'plan' | 'trials' | 'memoryHash' | 'anchors'> {
  /** What brings it back: a command line of `hartbreak`, or a call of the library. */
  readonly replay: string;
}

/** What a person gets of a failure: README.md shows one. */
export function failureText(report: FailureReport, page: Page): string {
  const { width, paint } = page;
  const verdict = report.harmful ? 'harmful' : 'no harm seen';
  const line = (label: string, text: string) => hanging(label, text, width);
  return [
    line(`${report.kind}: `, report.summary).replace(report.kind, (kind) => paint('heading', kind)),
    line('  in ', report.title),
    line(`  ${verdict}: `, report.evidence).replace(verdict, (word) => paint(report.harmful ? 'bad' : 'good', word)),
    ...report.advice.map((advice) => line('  also: ', advice)),
    ...(report.criticalPair === null ? [] : ['', ...pairLines(report.criticalPair, page)]),
    ...(report.firstWrongStep === null ? [] : ['', ...wrongLines(report.firstWrongStep, page)]),
    '',
    line('shortest interleaving found: ', lengthText(report)),
    ...report.otherHarm.map((harm) => line('  but other harm is done then: ', harm)),
    ...report.choices.map((choice) => line('  by choice of the schedule: ', choice)),
    '',
    interleavingText(report.harts, report.rows, page, report.criticalPair),
    '',
    replayText(report.replay, width),
  ].join('\n');
}

function replayText(replay: string, width: number): string {
  return replay.startsWith('hartbreak ') ? commandText('replay:', replay, width) : hanging('replay: ', replay, width);
}

function lengthText({ preemptions, choices, minimal }: FailureReport): string {
  const needed = preemptions + choices.length;
  if (needed === 0) return 'it fails without any preemption';
  const other = choices.length === 0 ? '' : ` and ${count(choices.length, 'other choice')}`;
  const without = needed === 1 ? 'without it' : 'without any one of them';
  return `${count(preemptions, 'preemption')}${other}${minimal ? `; ${without} this failure does not happen` : ''}`;
}

function accessLines(label: string, { hart, what, stack }: ExplainedAccess, { width, paint }: Page): string[] {
  return [
    hanging(`  ${label} hart ${hart}: `, what, width).replace(label, (word) => paint('pair', word)),
    ...stack.map((frame) => fitted(`    in ${frame}`, width)),
  ];
}

function wrongLines(access: ExplainedAccess, page: Page): string[] {
  return [`first wrong step: ${access.step}`, ...accessLines('after ', access, page)];
}

function pairLines({ first, second, failing, flipped }: CriticalPair, page: Page): string[] {
  return [
    fitted('critical pair: the order of these two accesses decides', page.width),
    ...accessLines('first ', first, page),
    ...accessLines('second', second, page),
    hanging('  in this order:   ', failing, page.width),
    hanging('  turned round:    ', flipped, page.width),
  ];
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
