import type { Explanation } from '../explore/explanation.js';
import type { CriticalPair, ExplainedAccess } from '../explore/interleaving.js';
import { interleavingText } from './interleaving.js';

/** What a report tells of an explained failure. */
export interface FailureReport extends Omit<Explanation, 'plan' | 'trials' | 'memoryHash' | 'anchors'> {
  /** What brings it back: a command line of `hartbreak`, or a call of the library. */
  readonly replay: string;
}

/** The report of DESIGN §10, for a terminal. */
export function failureText(report: FailureReport): string {
  return [
    `${report.kind}: ${report.summary}`,
    `  in ${report.title}`,
    `  ${report.harmful ? 'harmful' : 'benign'}: ${report.evidence}`,
    ...report.advice.map((line) => `  also: ${line}`),
    ...(report.criticalPair === null ? [] : ['', ...pairLines(report.criticalPair)]),
    ...(report.firstWrongStep === null ? [] : ['', ...wrongLines(report.firstWrongStep)]),
    '',
    `shortest interleaving found: ${lengthText(report)}`,
    ...report.choices.map((choice) => `  by choice of the schedule: ${choice}`),
    '',
    interleavingText(report.harts, report.rows),
    '',
    `replay: ${report.replay}`,
  ].join('\n');
}

function lengthText({ preemptions, choices, minimal }: FailureReport): string {
  const needed = preemptions + choices.length;
  if (needed === 0) return 'it fails without any preemption';
  const other = choices.length === 0 ? '' : ` and ${count(choices.length, 'other choice')}`;
  const without = needed === 1 ? 'without it' : 'without any one of them';
  return `${count(preemptions, 'preemption')}${other}${minimal ? `; ${without} it does not fail` : ''}`;
}

function accessLines(label: string, { hart, what, stack }: ExplainedAccess): string[] {
  return [`  ${label} hart ${hart}: ${what}`, ...stack.map((frame) => `           in ${frame}`)];
}

function wrongLines(access: ExplainedAccess): string[] {
  return [`first wrong step: ${access.step}`, ...accessLines('after ', access)];
}

function pairLines({ first, second, failing, flipped }: CriticalPair): string[] {
  return [
    'critical pair: the order of these two accesses decides',
    ...accessLines('first ', first),
    ...accessLines('second', second),
    `  in this order:   ${failing}`,
    `  turned round:    ${flipped}`,
  ];
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
