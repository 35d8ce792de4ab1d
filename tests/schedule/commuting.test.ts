import { describe, expect, it } from 'vitest';
import { KernelEvent } from '../../src/memory/access.js';
import { Op, type TraceEvent } from '../../src/memory/trace-event.js';
import { commutingAfter } from '../../src/schedule/commuting.js';
import { type Switch, SwitchReason } from '../../src/schedule/switch-reason.js';
import { access, contended, note, store } from '../support/trace-events.js';

const [X, Y, Z] = [0x8000_0000, 0x8000_0004, 0x8000_0008];
const load = (hart: number, address: number) => access(hart, Op.Load, address);
const all = contended();

/** The trace consists of shared accesses alone; the turn changes before those with these numbers, first by a preemption. */
function commuting(trace: readonly TraceEvent[], ...changesAt: readonly number[]): number {
  const switches = changesAt.map((contended, i): Switch => {
    const [from, to] = i % 2 === 0 ? [0, 1] : [1, 0];
    const reason = i === 0 ? SwitchReason.Preempted : SwitchReason.Blocked;
    return { step: contended, contended, own: 0, from, to, reason };
  });
  return commutingAfter(0, switches, trace, all);
}

describe('accesses after a preemption that could as well have come before it', () => {
  it('are those to words that the other hart did not touch', () => {
    expect(commuting([store(1, X), store(0, Y), store(0, Z), store(0, X)], 0, 1)).toBe(2);
  });

  it('are reads of words that the other hart only read', () => {
    expect(commuting([load(1, X), load(0, X), store(0, X)], 0, 1)).toBe(1);
  });

  it('are none after one that has to stay', () => {
    expect(commuting([store(1, X), load(0, X), store(0, Y)], 0, 1)).toBe(0);
  });

  it('do not include what was done before the preemption', () => {
    expect(commuting([store(0, Y), store(1, X), load(0, X)], 1, 2)).toBe(0);
    expect(commuting([note(0, KernelEvent.BellUsed, 0), store(1, X), load(0, X)], 1, 2)).toBe(0);
  });

  it('do not include what is done when the other hart has run again', () => {
    expect(commuting([store(1, X), store(0, Y), store(1, X), store(0, Z)], 0, 1, 2, 3)).toBe(1);
  });

  it('do not include the use of a frame that the other hart freed', () => {
    const freed = note(1, KernelEvent.FrameFreed, X);
    expect(commuting([freed, load(0, X + 8), store(0, X)], 0, 1)).toBe(0);
    expect(commuting([load(1, X + 4), note(0, KernelEvent.FrameFreed, X)], 0, 1)).toBe(0);
    expect(commuting([load(1, X + 4), load(0, X + 8), load(0, X + 4)], 0, 1)).toBe(2);
  });

  it('are none when the preempted hart does not come back', () => {
    expect(commuting([store(1, X), store(1, Y)], 0)).toBe(0);
  });
});
