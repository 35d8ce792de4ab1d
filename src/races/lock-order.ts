import { KernelEvent } from '../memory/access.js';
import type { TraceEvent } from '../memory/trace-event.js';
import { type Finding, placeOfWord } from './finding.js';
import type { Observer, ObserverContext } from './observer.js';

/**
 * The graph of which lock was taken while which was held. A cycle is a deadlock that some schedule can reach, though
 * this run did not.
 */
export class LockOrder implements Observer {
  readonly name = 'lock-order';
  readonly notesOnly = true;
  private held: number[][] = [];
  /** inner locks by outer lock, with the event that took the inner one */
  private readonly edges = new Map<number, Map<number, number>>();
  private readonly found: Finding[] = [];

  constructor(private readonly context: ObserverContext) {}

  begin(): void {
    this.held = Array.from({ length: this.context.harts }, () => []);
    this.edges.clear();
    this.found.length = 0;
  }

  observe(event: TraceEvent, index: number): void {
    const held = this.held[event.hart]!;
    if (event.note === KernelEvent.LockAcquired) {
      // The access that took it stands right before the note.
      for (const outer of held) this.addEdge(outer, event.address, index - 1);
      held.push(event.address);
    } else if (event.note === KernelEvent.LockReleased) {
      const at = held.lastIndexOf(event.address);
      if (at >= 0) held.splice(at, 1);
    }
  }

  findings(): readonly Finding[] {
    return this.found;
  }

  private addEdge(outer: number, inner: number, index: number): void {
    const inners = this.edges.get(outer) ?? new Map<number, number>();
    if (inners.has(inner)) return;
    inners.set(inner, index);
    this.edges.set(outer, inners);
    const back = this.path(inner, outer, new Set());
    if (back === undefined) return;
    const names = [outer, ...back.locks].map((lock) => this.context.describe(lock));
    this.found.push({
      kind: 'lock-order',
      place: [...new Set(names.map(placeOfWord))].toSorted().join(', '),
      summary: `locks are taken in a circle: ${names.join(' → ')}`,
      events: [...back.events, index],
      advisory: false,
    });
  }

  /** A way from one lock to another along the edges. */
  private path(from: number, to: number, seen: Set<number>): { locks: number[]; events: number[] } | undefined {
    if (from === to) return { locks: [from], events: [] };
    seen.add(from);
    for (const [next, event] of this.edges.get(from) ?? []) {
      if (seen.has(next)) continue;
      const rest = this.path(next, to, seen);
      if (rest !== undefined) return { locks: [from, ...rest.locks], events: [event, ...rest.events] };
    }
    return undefined;
  }
}
