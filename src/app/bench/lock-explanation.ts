import { figure } from '../../report/table.js';
import { lockTheory } from './lock-theory.js';
import type { LockCell } from './result.js';

/** With the most harts a lock does less than this part of its best: it collapses. And at least the other: it stays flat. */
const COLLAPSED = 0.5;
const FLAT = 0.85;
const CYCLES = 1_000_000;

/** One sentence for each lock on what its throughput does as harts become more, by its figures, and what theory says to that. */
export function lockExplanations(cells: readonly LockCell[]): string[] {
  return [...new Set(cells.map(({ lock }) => lock))].map((lock) =>
    explanation(
      lock,
      cells.filter((cell) => cell.lock === lock).sort((a, b) => a.harts - b.harts),
    ),
  );
}

function explanation(lock: string, cells: readonly LockCell[]): string {
  const last = cells.at(-1)!;
  // A hart alone hands nothing over: it says nothing of contention.
  const contended = cells.filter(({ harts }) => harts > 1);
  if (contended.length < 2)
    return `${lock}: to tell what it does under contention takes two numbers of harts from 2 on`;
  const best = contended.reduce((one, other) => (other.throughput > one.throughput ? other : one));
  const part = last.throughput / best.throughput;
  const figures = `${figure(last.throughput)} acquisitions per million cycles with ${last.harts} harts`;
  if (part >= FLAT)
    return `${lock} stays flat: ${figures}, ${percent(part)} of its best (${best.harts} harts)${theory(lock, false)}`;
  const each = `each further hart makes an acquisition ${figure(slope(contended))} cycles longer`;
  if (part >= COLLAPSED)
    return `${lock} loses: ${figures}, ${percent(part)} of its best (${best.harts} harts); ${each}`;
  return `${lock} collapses: ${figures}, ${percent(part)} of its best (${best.harts} harts); ${each}${theory(lock, true)}`;
}

/** Between the last two numbers of harts. */
function slope(cells: readonly LockCell[]): number {
  const [before, last] = [cells.at(-2)!, cells.at(-1)!];
  return (CYCLES / last.throughput - CYCLES / before.throughput) / (last.harts - before.harts);
}

/** Only where the figures bear it out. */
function theory(lock: string, collapsed: boolean): string {
  const known = lockTheory[lock];
  if (known === undefined) return '';
  if (known.collapses === collapsed) return `. In theory, because ${known.why}`;
  return `. Theory expects it to ${known.collapses ? 'collapse' : 'stay flat'}, which these figures do not show`;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(0)} %`;
}
