import type { LockstatFigures } from './lockstat-text.js';
import type { Page } from './page.js';
import { figure, textTable } from './table.js';
import { fitted, hanging } from './wrap.js';

/** Contention of one lock over a whole run. */
export interface LockFigures {
  readonly name: string;
  readonly acquisitions: number;
  /** Acquisitions that found the lock held. */
  readonly contended: number;
  /** Looks at a held lock. */
  readonly spins: number;
}

/** What `stress --json` prints: exactly this, and `lockstat` when that was asked for. */
export interface RunSummary {
  readonly harts: number;
  /** Worker thread id of each hart. */
  readonly threads: readonly number[];
  readonly design: string;
  readonly bug: string | null;
  readonly seconds: number;
  readonly forks: number;
  readonly cowFaults: number;
  readonly pagesCopied: number;
  readonly pagesReused: number;
  /** Guest instructions retired by all harts. */
  readonly instructions: number;
  readonly locks: readonly LockFigures[];
  readonly lockstat?: LockstatFigures;
  readonly ledger: { readonly audits: number; readonly violations: readonly string[] };
  /** The books were looked at and balance, and nothing else went wrong. */
  readonly ok: boolean;
}

/** A run that is over. */
export interface RunReport {
  readonly summary: RunSummary;
  /** The design's form. */
  readonly form: string;
  /** Exit status of the first program as it gave it, or null when the machine stopped before it ended. */
  readonly status: number | null;
  /** One line for each hart that died or would not stop, and for whatever else a command counts as failed. */
  readonly failures: readonly string[];
  /** The machine stopped because whoever read its console had left. */
  readonly readerGone: boolean;
}

/** Whether the run found something wrong; a run that was interrupted too early to find anything did not. */
export function hasFailed({ summary, failures }: RunReport): boolean {
  return summary.ledger.violations.length > 0 || failures.length > 0;
}

/** Counters as they grow, for the progress line. */
export interface RunCounters {
  readonly forks: number;
  readonly cowFaults: number;
  readonly pagesCopied: number;
  readonly pagesReused: number;
  /** One entry per hart. */
  readonly instructions: readonly number[];
}

/** Rates between two readings `seconds` apart. */
export function progressText(elapsed: number, seconds: number, before: RunCounters, now: RunCounters): string {
  const rate = (a: number, b: number) => figure((b - a) / seconds);
  const mips = now.instructions.map((count, hart) => ((count - before.instructions[hart]!) / seconds / 1e6).toFixed(0));
  return (
    `${elapsed.toFixed(0)} s  ${rate(before.forks, now.forks)} forks/s  ` +
    `${rate(before.cowFaults, now.cowFaults)} COW faults/s  ` +
    `pages copied ${figure(now.pagesCopied)}, reused ${figure(now.pagesReused)}  MIPS per hart ${mips.join(' ')}`
  );
}

/** The summary that a person reads at the end of a run. @param locks what is said of locks */
export function summaryText(
  { summary, form, failures }: RunReport,
  { width, paint }: Page,
  locks: string = lockTable(summary.locks),
): string {
  const rate = (count: number) => (summary.seconds === 0 ? '' : ` (${figure(count / summary.seconds)}/s)`);
  const perSecond = (count: number) => figure(count) + rate(count);
  const bug = summary.bug === null ? '' : `, bug ${summary.bug}`;
  return [
    fitted(
      `${counted(summary.harts, 'hart')}, design ${summary.design} (${form})${bug}, ${summary.seconds.toFixed(1)} s`,
      width,
    ),
    '',
    `  forks           ${perSecond(summary.forks)}`,
    `  COW faults      ${perSecond(summary.cowFaults)}`,
    `  pages copied    ${perSecond(summary.pagesCopied)}`,
    `  pages reused    ${perSecond(summary.pagesReused)}`,
    `  instructions    ${perSecond(summary.instructions)}`,
    '',
    locks,
    '',
    ...failures.map((failure) => hanging('FAILED: ', failure, width).replace('FAILED', (word) => paint('bad', word))),
    fitted(verdict(summary, failures), width),
  ].join('\n');
}

function lockTable(locks: readonly LockFigures[]): string {
  const busy = locks.filter((lock) => lock.acquisitions > 0);
  const share = (lock: LockFigures) => `${((100 * lock.contended) / lock.acquisitions).toFixed(1)}%`;
  return textTable(
    ['lock', 'acquisitions', 'contended', 'share', 'spins'],
    busy.map((lock) => [lock.name, figure(lock.acquisitions), figure(lock.contended), share(lock), figure(lock.spins)]),
  );
}

/** Violations beyond this many are counted, not printed. */
const SHOWN_VIOLATIONS = 20;

function verdict({ ledger }: RunSummary, failures: readonly string[]): string {
  const audits = counted(ledger.audits, 'audit');
  if (ledger.audits === 0) return 'ledger: no audit, the machine never stood still with its books in order';
  const apart = failures.length > 0;
  if (ledger.violations.length === 0)
    return `ledger: ${audits}, every frame accounted for${apart ? ' (but the run failed, see above)' : ''}`;
  const hidden = ledger.violations.length - SHOWN_VIOLATIONS;
  return [
    `ledger: ${counted(ledger.violations.length, 'violation')} in ${audits}${apart ? ' (operations that were cut off when the run failed may be among them)' : ''}`,
    ...ledger.violations.slice(0, SHOWN_VIOLATIONS).map((violation) => `  ${violation}`),
    ...(hidden > 0 ? [`  and ${hidden} more`] : []),
  ].join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
