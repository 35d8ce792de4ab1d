import { KernelEvent } from '../memory/access.js';
import type { TraceEvent } from '../memory/trace-event.js';
import { type Finding, placeOfWord } from './finding.js';
import type { Observer, ObserverContext } from './observer.js';

/** A hart took a lock while it held another. */
interface Edge {
  readonly outer: number;
  readonly inner: number;
  readonly hart: number;
  /** All that the hart held, `outer` among them. */
  readonly held: readonly number[];
  /** The event that took the inner one. */
  readonly event: number;
}

/**
 * The graph of which lock was taken while which was held. A circle is a deadlock that some schedule can reach, though this
 * run did not, if each of its edges is another hart's, and no two of those harts held a lock in common: a hart does not wait
 * for itself, and a common lock lets in one of them at a time (Goodlock: Havelund, SPIN 2000).
 */
export class LockOrder implements Observer {
  readonly name = 'lock-order';
  readonly notesOnly = true;
  private held: number[][] = [];
  /** By outer lock, each only once for a hart and what it held. */
  private readonly edges = new Map<number, Edge[]>();
  private readonly circles = new Set<string>();
  private readonly found: Finding[] = [];

  constructor(private readonly context: ObserverContext) {}

  begin(): void {
    this.held = Array.from({ length: this.context.harts }, () => []);
    this.edges.clear();
    this.circles.clear();
    this.found.length = 0;
  }

  observe({ note, hart, address }: TraceEvent, index: number): void {
    const held = this.held[hart]!;
    if (note === KernelEvent.LockAcquired) {
      // The access that took it stands right before the note.
      for (const outer of held) this.addEdge({ outer, inner: address, hart, held: [...held], event: index - 1 });
      held.push(address);
    } else if (note === KernelEvent.LockReleased) {
      const at = held.lastIndexOf(address);
      if (at >= 0) held.splice(at, 1);
    }
  }

  findings(): readonly Finding[] {
    return this.found;
  }

  private addEdge(edge: Edge): void {
    const others = this.edges.get(edge.outer) ?? [];
    if (others.some((other) => isSame(other, edge))) return;
    this.edges.set(edge.outer, [...others, edge]);
    const back = this.wayBack([edge]);
    if (back === undefined) return;
    const names = back.map(({ inner }) => this.context.describe(inner));
    const circle = [this.context.describe(edge.outer), ...names];
    const place = [...new Set(circle.map(placeOfWord))].toSorted().join(', ');
    // The same locks in a circle by other harts, or with other locks held beside them, are the same mistake.
    const key = [...new Set(back.map(({ inner }) => inner))].toSorted((a, b) => a - b).join();
    if (this.circles.has(key)) return;
    this.circles.add(key);
    this.found.push({
      kind: 'lock-order',
      place,
      summary: `locks are taken in a circle: ${circle.join(' → ')}`,
      events: [...back.slice(1), edge].map(({ event }) => event),
      advisory: false,
    });
  }

  /** The edges so far and others that lead back to where the first one began. */
  private wayBack(way: readonly Edge[]): readonly Edge[] | undefined {
    const end = way.at(-1)!.inner;
    if (end === way[0]!.outer) return way;
    for (const next of this.edges.get(end) ?? []) {
      if (way.some((edge) => edge.outer === next.outer || excludes(edge, next))) continue;
      const whole = this.wayBack([...way, next]);
      if (whole !== undefined) return whole;
    }
    return undefined;
  }
}

/** They are never under way at once. */
function excludes(a: Edge, b: Edge): boolean {
  return a.hart === b.hart || a.held.some((lock) => b.held.includes(lock));
}

function isSame(a: Edge, b: Edge): boolean {
  const haveSame = a.held.length === b.held.length && a.held.every((lock) => b.held.includes(lock));
  return a.inner === b.inner && a.hart === b.hart && haveSame;
}
