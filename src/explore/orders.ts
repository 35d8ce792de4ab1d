import { isAccess, isWrite, type TraceEvent } from '../memory/trace-event.js';
import type { Finding, FindingKind } from '../races/finding.js';
import type { PlannedSwitch } from '../schedule/plan.js';
import { ownPoint } from '../schedule/switch-reason.js';
import type { Trial, Trials } from './trials.js';

/** Failures that are about locks alone. */
const LOCK_KINDS: readonly FindingKind[] = ['deadlock', 'lock-order'];

/** The two accesses whose order decides, the earlier one first, and the run in which they come in the other. */
export interface DecidingOrder {
  readonly first: TraceEvent;
  readonly second: TraceEvent;
  readonly flipped: Trial;
}

/** Null where no order of two accesses was found that decides. */
export function decidingOrder(trials: Trials, finding: Finding, run: Trial): DecidingOrder | null {
  const { switches } = trials.plan;
  if (finding.kind === 'data-race') {
    const [first, second] = finding.events.map((i) => run.trace[i]!);
    if (first === undefined || second === undefined) return null;
    return { first, second, flipped: trials.run([preemptBefore(run, first, second.hart)]) };
  }
  const last = switches.at(-1);
  if (last === undefined) return null;
  const flippedAt = (at: number) => trials.run([...switches.slice(0, -1), { ...last, at }]);
  const { subject } = trials.explorer.machine;
  // Who takes a lock first decides little by itself: what is read or written under it tells more.
  const isWord = ({ address }: TraceEvent) =>
    LOCK_KINDS.includes(finding.kind) || subject.lockAt(address) === undefined;
  const words = decidingPair(run, last, isWord);
  if (words !== undefined) {
    const flipped = flippedAt(ownPoint(run.result.switches, last.hart ?? 0, words.second.step) + 1);
    if (trials.target(flipped.judgement) === undefined) return { ...words, flipped };
  }
  const any = decidingPair(run, last, () => true);
  return any === undefined ? null : { ...any, flipped: flippedAt(last.at + 1) };
}

/** What the last preemption stands before, and the access of another hart in between that it conflicts with. */
function decidingPair(
  { trace, result }: Trial,
  last: PlannedSwitch,
  matters: (event: TraceEvent) => boolean,
): { first: TraceEvent; second: TraceEvent } | undefined {
  const change = result.switches.find(({ from, own }) => from === last.hart && own === last.at);
  if (change === undefined) return undefined;
  const after = trace.filter((event) => isAccess(event.op) && event.step >= change.step && matters(event));
  const mine = after.filter(({ hart }) => hart === last.hart);
  for (const second of mine) {
    const first = after.find(
      (event) => event.hart !== last.hart && event.step < second.step && conflict(event, second),
    );
    if (first !== undefined) return { first, second };
  }
  return undefined;
}

function conflict(a: TraceEvent, b: TraceEvent): boolean {
  const overlap = a.address < b.address + b.size && b.address < a.address + a.size;
  return overlap && (isWrite(a.op) || isWrite(b.op));
}

/** Takes the turn from the event's hart before the event; a note's access is the one before the note. */
export function preemptBefore({ result }: Trial, event: TraceEvent, to: number): PlannedSwitch {
  const { hart, step, op } = event;
  const own = ownPoint(result.switches, hart, step);
  const other = to === hart ? (hart === 0 ? 1 : 0) : to;
  return { hart, at: isAccess(op) ? own : Math.max(0, own - 1), action: { kind: 'to', hart: other } };
}

export function preemptAfter(run: Trial, event: TraceEvent, to: number): PlannedSwitch {
  const before = preemptBefore(run, event, to);
  return { ...before, at: before.at + 1 };
}
