import type { KernelEvent } from '../../src/memory/access.js';
import { Op, type TraceEvent } from '../../src/memory/trace-event.js';
import type { Finding } from '../../src/races/finding.js';
import type { Observer } from '../../src/races/observer.js';

/** Events made by hand, all at step 0: observers of notes go by their order alone. */
function event(op: Op, hart: number, address: number, value: number, size: number, told: KernelEvent | 0): TraceEvent {
  return { op, hart, step: 0, address, value, after: value, size, note: told };
}

export function note(hart: number, told: KernelEvent, a: number, b = 0): TraceEvent {
  return event(Op.Note, hart, a, b, 0, told);
}

export function access(hart: number, op: Op, address: number, size = 4): TraceEvent {
  return event(op, hart, address, 1, size, 0);
}

/** A word. */
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
