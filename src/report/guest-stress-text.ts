import { type GuestEnding, placesText } from './guest-text.js';
import type { Page } from './page.js';
import { figure } from './table.js';
import { fitted, hanging } from './wrap.js';

/** What a person is told of a kernel image under load when it has ended. */
export interface GuestStressEnding extends GuestEnding {
  /** `kernel, 'cowtest' on 3 harts`. */
  readonly title: string;
  readonly seconds: number;
  readonly instructions: number;
  readonly rounds: number;
  readonly audits: number;
  readonly violations: readonly string[];
}

/** Complaints beyond this many are counted, not printed. */
const SHOWN = 20;

/** The summary, without a newline at its end. */
export function guestStressText(ending: GuestStressEnding, { width, paint }: Page): string {
  const { title, seconds, instructions, rounds, audits, violations, failures, lastLines } = ending;
  const rate = seconds === 0 ? '' : ` (${figure(instructions / seconds)}/s)`;
  const all = [...failures, ...violations];
  const shown = all.slice(0, SHOWN);
  const hidden = all.length - shown.length;
  const where = all.length === 0 ? [] : ['', ...tail(lastLines), ...placesText(ending)];
  return [
    fitted(`${title}, ${seconds.toFixed(1)} s`, width),
    '',
    `  rounds          ${figure(rounds)}`,
    `  instructions    ${figure(instructions)}${rate}`,
    '',
    ...shown.map((line) => hanging('FAILED: ', line, width).replace('FAILED', (word) => paint('bad', word))),
    ...(hidden > 0 ? [`and ${hidden} more`] : []),
    fitted(verdict(audits, rounds, all.length > 0), width),
    ...where,
  ].join('\n');
}

function tail(lastLines: readonly string[]): string[] {
  return ['the last lines of the console:', ...lastLines.map((line) => `  ${line}`)];
}

function verdict(audits: number, rounds: number, hasFailed: boolean): string {
  const frames = `frames: ${counted(audits, 'audit')}`;
  if (audits === 0) return 'frames: no audit, the machine never stood still at a prompt or behind one';
  if (hasFailed) return `${frames}, and what went wrong stands above`;
  const lost = rounds === 0 ? 'no round came to its end' : 'as many free behind each round as before it';
  return `${frames}, none free twice, none free under a program that runs; ${lost}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
