import { fenceSetText, predecessorSet, successorSet } from '../isa/ordering.js';
import { KernelEvent, Question } from '../memory/access.js';
import { isAccess, isPoint, Op, type TraceEvent } from '../memory/trace-event.js';
import { type Switch, SwitchReason } from '../schedule/switch-reason.js';
import type { ExplainedAccess, ExplainedRow } from './interleaving.js';
import type { Names } from './subject.js';

type Stacks = ReadonlyMap<number, readonly string[]>;

const REASONS: Readonly<Record<SwitchReason, string>> = {
  [SwitchReason.Preempted]: 'preempted',
  [SwitchReason.Preferred]: 'a preferred hart became able to run',
  [SwitchReason.Blocked]: 'it waits for a word to change',
  [SwitchReason.Finished]: 'it has finished',
};

/** What the schedule chose where it answered with other than the ordinary course of things. */
const CHOSEN: Readonly<Record<Question, string>> = {
  [Question.TimerFires]: 'the timer fires',
  [Question.AllocationFails]: 'the allocator finds no page',
  [Question.TlbEvicted]: 'every cached translation is evicted',
  [Question.StoreConditionalFails]: 'sc fails',
};

/** Those choices in the order of the run, each with its hart. */
export function choicesIn(trace: readonly TraceEvent[]): string[] {
  return trace.filter(isChoice).map(({ address, hart }) => `${CHOSEN[address as Question]} on hart ${hart}`);
}

function isChoice({ note }: TraceEvent): boolean {
  return note === KernelEvent.Answered;
}

/** What the supervisor tells of itself that a reader of an interleaving wants to see. */
const TOLD: Readonly<Partial<Record<KernelEvent, (event: TraceEvent, names: Names) => string>>> = {
  [KernelEvent.FrameAllocated]: ({ address }) => `◆ frame 0x${address.toString(16)} allocated`,
  [KernelEvent.FrameFreed]: ({ address }) => `◆ frame 0x${address.toString(16)} freed`,
  [KernelEvent.FrameMapped]: ({ address, value }, names) =>
    `◆ ${names.describe(address)} maps frame 0x${value.toString(16)}`,
  [KernelEvent.Answered]: ({ address }) => `◆ ${CHOSEN[address as Question]}`,
  [KernelEvent.StaleStore]: ({ value }) => `◆ the translation of 0x${value.toString(16)} was cached, and is stale`,
  [KernelEvent.StaleLoad]: ({ value }) => `◆ the translation of 0x${value.toString(16)} was cached, and is stale`,
  [KernelEvent.FrameUnmapped]: ({ address, value }, names) =>
    `◆ ${names.describe(address)} no longer maps frame 0x${value.toString(16)}`,
};

/** Points before and after a change of the turn that are always shown. */
const NEAR = 4;

/** What a reader cannot do without: the words of the critical pair, and what shows the failure. */
export type Essential = (event: TraceEvent) => boolean;

/** The run as rows: the turns, what other harts can notice around them, what is essential, and how much was left out. */
export function interleavingRows(
  trace: readonly TraceEvent[],
  switches: readonly Switch[],
  names: Names,
  stacks: Stacks,
  isContended: (address: number) => boolean,
  isEssential: Essential,
): ExplainedRow[] {
  const isNear = ({ step }: TraceEvent) =>
    switches.some((change) => step >= change.step - NEAR && step < change.step + NEAR);
  const rows: ExplainedRow[] = [];
  const turns = [...switches];
  let hidden = { hart: 0, count: 0 };
  let current = trace[0]?.hart ?? 0;
  const flush = () => {
    if (hidden.count > 0) rows.push({ kind: 'private', ...hidden });
    hidden = { hart: 0, count: 0 };
  };
  for (const event of trace) {
    // A switch stands before the point of its number. What is no point has the number of the one after it, so its hart tells.
    while (turns[0] !== undefined && turns[0].step <= event.step && (isPoint(event) || event.hart !== current)) {
      const { from, to, step, reason } = turns.shift()!;
      flush();
      current = to;
      rows.push({ kind: 'switch', from, to, step, reason: REASONS[reason] });
    }
    const shown =
      isEssential(event) || isChoice(event) || (isNear(event) && (!isAccess(event.op) || isContended(event.address)));
    const text = shown ? rowText(event, names, stacks) : undefined;
    if (text === undefined) {
      if (isAccess(event.op)) {
        if (hidden.hart !== event.hart) flush();
        hidden = { hart: event.hart, count: hidden.count + 1 };
      }
      continue;
    }
    flush();
    rows.push({ kind: 'access', hart: event.hart, step: event.step, text });
  }
  flush();
  return rows;
}

function rowText(event: TraceEvent, names: Names, stacks: Stacks): string | undefined {
  if (event.op === Op.Note) return event.note === 0 ? undefined : TOLD[event.note]?.(event, names);
  const [top] = stacks.get(event.step) ?? [];
  const caller = top === undefined ? '' : `${shortName(top)}: `;
  return `${caller}${what(event, names)}`;
}

/** @param trace where a note finds the access before it, whose stack is the nearest to its own */
export function explainAccess(
  event: TraceEvent,
  names: Names,
  stacks: Stacks,
  trace: readonly TraceEvent[] = [],
): ExplainedAccess {
  const { hart } = event;
  const step = isAccess(event.op)
    ? event.step
    : (trace.findLast((one) => isAccess(one.op) && one.hart === hart && one.step < event.step)?.step ?? event.step);
  return { hart, step, what: what(event, names), stack: stacks.get(step) ?? [] };
}

function what({ op, note, address, value, after, size, order }: TraceEvent, names: Names): string {
  const name = names.describe(address);
  switch (op) {
    case Op.Note:
      return note === KernelEvent.HoldDropped ? `is done with ${name}` : `has taken ${name}`;
    case Op.Fence:
      return `fence ${fenceSetText(predecessorSet(order))},${fenceSetText(successorSet(order))}`;
    case Op.Load:
      return `load ${name} → ${number(value)}`;
    case Op.Store:
      return `store ${name} ← ${number(value)}`;
    case Op.AtomicLoad:
      return `atomic load ${name} → ${number(value)}`;
    case Op.AtomicStore:
      return `atomic store ${name} ← ${number(value)}`;
    case Op.AtomicUpdate:
      return value === after
        ? `atomic update ${name}: stays ${number(value)}`
        : `atomic update ${name}: ${number(value)} → ${number(after)}`;
    case Op.BulkRead:
      return `read ${size} bytes of ${name}`;
    case Op.BulkWrite:
      return `write ${size} bytes of ${name}`;
  }
}

function number(value: number): string {
  return value < 4096 ? String(value) : `0x${value.toString(16)}`;
}

/** `PageMapLock.addMap (page-map-lock.ts:31)` → `addMap` */
function shortName(frame: string): string {
  return frame.slice(0, frame.indexOf(' (')).replace(/^.*\./, '');
}
