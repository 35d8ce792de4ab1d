import { KernelEvent } from '../memory/access.js';
import { isAccess, isAtomic, isWrite, type TraceEvent } from '../memory/trace-event.js';
import { type Finding, placeOfWord } from './finding.js';
import type { Observer, ObserverContext } from './observer.js';

/**
 * Lock discipline: a word that is declared to be guarded by a lock is accessed only with that lock held. Advisory: an
 * access outside the lock can still be ordered by other means (happens-before decides that), so it is told, with its
 * place, and judged by the other observers.
 */
export class Lockset implements Observer {
  readonly name = 'lockset';
  private held: Set<number>[] = [];
  private readonly found = new Map<number, Finding>();

  constructor(private readonly context: ObserverContext) {}

  begin(): void {
    this.held = Array.from({ length: this.context.harts }, () => new Set());
    this.found.clear();
  }

  observe(event: TraceEvent, index: number): void {
    if (event.note === KernelEvent.LockAcquired) this.held[event.hart]!.add(event.address);
    else if (event.note === KernelEvent.LockReleased) this.held[event.hart]!.delete(event.address);
    else if (isAccess(event.op) && !isAtomic(event.op) && event.size <= 8) this.access(event, index);
  }

  findings(): readonly Finding[] {
    return [...this.found.values()];
  }

  private access(event: TraceEvent, index: number): void {
    const guard = this.context.guardOf(event.address);
    if (guard === undefined || this.held[event.hart]!.has(guard) || this.found.has(event.address)) return;
    const does = isWrite(event.op) ? 'writes' : 'reads';
    const [word, lock] = [this.context.describe(event.address), this.context.describe(guard)];
    this.found.set(event.address, {
      kind: 'lockset',
      place: `${does} ${placeOfWord(word)} without ${placeOfWord(lock)}`,
      summary: `hart ${event.hart} ${does} ${word} without holding ${lock}`,
      events: [index],
      advisory: true,
    });
  }
}
