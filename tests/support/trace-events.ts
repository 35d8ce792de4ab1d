import type { KernelEvent } from '../../src/memory/access.js';
import { isAtomic, Op, Order, type TraceEvent } from '../../src/memory/trace-event.js';
import type { Finding } from '../../src/races/finding.js';
import type { Observer } from '../../src/races/observer.js';
import type { Contended } from '../../src/schedule/equivalence.js';

/** Events made by hand, all at step 0: observers of notes go by their order alone. */
const NOTHING = { step: 0, address: 0, value: 0, after: 0, size: 0, order: Order.Relaxed, note: 0 } as const;

export function note(hart: number, told: KernelEvent, a: number, b = 0): TraceEvent {
  return { ...NOTHING, op: Op.Note, hart, address: a, value: b, after: b, note: told };
}

/** Sequential, if it is atomic. */
export function access(hart: number, op: Op, address: number, size = 4): TraceEvent {
  const order = isAtomic(op) ? Order.Sequential : Order.Relaxed;
  return { ...NOTHING, op, hart, address, value: 1, after: 1, size, order };
}

/** Of guest code: a word, with the bits aq and rl. */
export function guestAtomic(hart: number, op: Op, address: number, order: number): TraceEvent {
  return { ...access(hart, op, address), order };
}

/** @param sets the instruction's immediate */
export function fence(hart: number, sets: number): TraceEvent {
  return { ...NOTHING, op: Op.Fence, hart, order: sets };
}

/** A word. */
export function load(hart: number, address: number): TraceEvent {
  return access(hart, Op.Load, address);
}
export function store(hart: number, address: number): TraceEvent {
  return access(hart, Op.Store, address);
}

/** What the observer holds against a run that consists of these events. */
export function watch(observer: Observer, events: readonly TraceEvent[]): readonly Finding[] {
  observer.begin();
  events.forEach((one, index) => {
    observer.observe(one, index);
  });
  return observer.findings();
}

/** These words are contended, and ghost words of no frame; not given: every word and every frame's. */
export function contended(words?: readonly number[]): Contended {
  if (words === undefined) return { within: (address) => [address], hasGhost: () => true };
  const hasGhost = (address: number) => words.includes(address);
  return { within: (address, bytes) => words.filter((word) => word >= address && word < address + bytes), hasGhost };
}
