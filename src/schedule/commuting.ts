import type { TraceEvent } from '../memory/trace-event.js';
import { type Contended, changesShared, ghostRead, sharedWords } from './equivalence.js';
import type { Switch } from './switch-reason.js';

/**
 * After change number `change` of the turn, a preemption: how many shared accesses the preempted hart makes at a stretch,
 * once it goes on, that depend on nothing that others did meanwhile.
 */
export function commutingAfter(
  change: number,
  switches: readonly Switch[],
  trace: Iterable<TraceEvent>,
  contended: Contended,
): number {
  const { contended: begin, from: hart } = switches[change]!;
  const back = switches.findIndex(({ to }, i) => i > change && to === hart);
  if (back < 0) return 0;
  const end = switches[back + 1]?.contended ?? Number.POSITIVE_INFINITY;
  /** Words that others have touched meanwhile; true: and may have changed. */
  const meanwhile = new Map<number, boolean>();
  let points = 0;
  let commuting = 0;
  for (const event of trace) {
    const words = sharedWords(event, contended);
    if (words.length === 0) continue;
    const point = points++;
    if (point < begin) continue;
    if (point >= end) break;
    const changes = changesShared(event);
    const ghost = ghostRead(event, contended);
    if (event.hart !== hart) {
      for (const word of words) meanwhile.set(word, changes || meanwhile.get(word) === true);
      if (ghost !== undefined) meanwhile.set(ghost, meanwhile.get(ghost) === true);
    } else if (words.some((word) => meanwhile.has(word) && (changes || meanwhile.get(word) === true))) break;
    else if (ghost !== undefined && meanwhile.get(ghost) === true) break;
    else commuting++;
  }
  return commuting;
}
