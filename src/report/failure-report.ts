import type { CriticalPair, ExplainedAccess, ExplainedRow } from '../schedule/interleaving.js';
import { interleavingText } from './interleaving.js';

/** Everything that is known of one failure. */
export interface FailureReport {
  readonly scenario: string;
  readonly design: string;
  readonly form: string;
  readonly bug: string | null;
  readonly kind: string;
  readonly summary: string;
  /** Both orders were run: true when one of them does harm, false when neither does. */
  readonly harmful: boolean;
  readonly evidence: string;
  readonly advice: readonly string[];
  readonly criticalPair: CriticalPair | null;
  /** The access after which the books never balanced again. */
  readonly firstWrongStep: ExplainedAccess | null;
  readonly harts: number;
  readonly preemptions: number;
  /** What else the schedule chose: `sc fails on hart 1`. */
  readonly choices: readonly string[];
  /** Removing any one preemption or choice was tried, and the failure went away. */
  readonly minimal: boolean;
  readonly rows: readonly ExplainedRow[];
  readonly replay: string;
}

/** The report of DESIGN §10, for a terminal. */
export function failureText(report: FailureReport): string {
  const of = `${report.scenario}, design ${report.design} (${report.form}${report.bug === null ? '' : `, bug ${report.bug}`})`;
  return [
    `${report.kind}: ${report.summary}`,
    `  in ${of}`,
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
