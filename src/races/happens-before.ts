import { PGSIZE } from '../memory/map.js';
import { isAtomic, isWrite, Op, type TraceEvent } from '../memory/trace-event.js';
import type { Finding } from './finding.js';
import type { Observer, ObserverContext } from './observer.js';
import { Kind, type Shadow, ShadowMemory } from './shadow-memory.js';
import { happenedBefore, join, newClock, type VectorClock } from './vector-clock.js';

/**
 * Data races by happens-before (after FastTrack: Flanagan and Freund, PLDI 2009). Atomic accesses order: a read or
 * update of an atomic word acquires what the last store or update released. Two accesses race when they touch the same
 * word, one writes, at most one is atomic, and neither happens before the other.
 */
export class HappensBefore implements Observer {
  readonly name = 'happens-before';
  private clocks: VectorClock[] = [];
  /** By number of the word. */
  private readonly released = new Map<number, VectorClock>();
  private readonly shadow: ShadowMemory;
  /** By the earlier access: what races with it later is the same mistake. */
  private readonly found = new Map<number, Finding>();

  constructor(private readonly context: ObserverContext) {
    this.shadow = new ShadowMemory(context.harts, context.ramSize);
  }

  begin(): void {
    this.clocks = Array.from({ length: this.context.harts }, (_, hart) => {
      const clock = newClock(this.context.harts);
      clock[hart] = 1;
      return clock;
    });
    this.released.clear();
    this.shadow.begin();
    this.found.clear();
  }

  observe(event: TraceEvent, index: number): void {
    if (event.op === Op.Note || event.size === 0) return;
    if (isAtomic(event.op)) this.acquire(event);
    if (event.size <= 4) this.wordAccess(this.shadow.wordAt(event.address), event, index);
    else if (event.size === PGSIZE && (event.address & (PGSIZE - 1)) === 0) this.pageAccess(event, index);
    else {
      const first = this.shadow.wordAt(event.address);
      const last = this.shadow.wordAt(event.address + event.size - 1);
      for (let word = first; word <= last; word++) this.wordAccess(word, event, index);
    }
    if (isAtomic(event.op)) this.release(event);
  }

  findings(): readonly Finding[] {
    return [...this.found.values()];
  }

  private acquire(event: TraceEvent): void {
    const released = this.released.get(this.shadow.wordAt(event.address));
    if (released !== undefined && event.op !== Op.AtomicStore) join(this.clocks[event.hart]!, released);
  }

  private release({ op, hart, address, value, after }: TraceEvent): void {
    const failedExchange = op === Op.AtomicUpdate && value === after;
    if (op === Op.AtomicLoad || failedExchange) return;
    const clock = this.clocks[hart]!;
    const word = this.shadow.wordAt(address);
    const released = this.released.get(word);
    // A store starts a new release sequence; an update continues the one it read from.
    if (released === undefined || op === Op.AtomicStore) this.released.set(word, clock.slice());
    else join(released, clock);
    clock[hart]!++;
  }

  private wordAccess(word: number, event: TraceEvent, index: number): void {
    const { words, pages } = this.shadow;
    const record = this.shadow.touchWord(word);
    this.checkAll(words, record, event, index);
    this.checkAll(pages, this.shadow.touchPage(this.shadow.pageOf(word)), event, index);
    this.remember(words, record, event, index);
  }

  private pageAccess(event: TraceEvent, index: number): void {
    const { words, pages } = this.shadow;
    const page = this.shadow.pageOf(this.shadow.wordAt(event.address));
    for (const word of this.shadow.touchedWords(page)) this.checkAll(words, words.find(word), event, index);
    const record = this.shadow.touchPage(page);
    this.checkAll(pages, record, event, index);
    this.remember(pages, record, event, index);
  }

  private remember(shadow: Shadow, record: number, { op, hart }: TraceEvent, index: number): void {
    const kind = isWrite(op) ? Kind.Write : Kind.Read;
    shadow.remember(record, hart, kind, this.clocks[hart]![hart]!, isAtomic(op), index);
  }

  private checkAll(shadow: Shadow, record: number, event: TraceEvent, index: number): void {
    for (let other = 0; other < this.context.harts; other++) {
      if (other === event.hart) continue;
      this.check(shadow, record, other, Kind.Write, event, index);
      if (isWrite(event.op)) this.check(shadow, record, other, Kind.Read, event, index);
    }
  }

  private check(shadow: Shadow, record: number, other: number, kind: Kind, event: TraceEvent, index: number): void {
    const time = shadow.time(record, other, kind);
    if (time === 0 || happenedBefore(other, time, this.clocks[event.hart]!)) return;
    if (isAtomic(event.op) && shadow.isAtomic(record, other, kind)) return;
    this.report(other, kind === Kind.Write ? 'writes' : 'reads', event, shadow.event(record, other, kind), index);
  }

  private report(other: number, does: string, event: TraceEvent, before: number, index: number): void {
    if (this.found.has(before)) return;
    const name = this.context.describe(event.address);
    const what = event.size > 8 ? `${event.size} bytes at ${name}` : name;
    this.found.set(before, {
      kind: 'data-race',
      summary: `data race on ${what}: hart ${other} ${does} it, hart ${event.hart} ${isWrite(event.op) ? 'writes' : 'reads'} it, and nothing orders them`,
      events: [before, index],
      advisory: false,
    });
  }
}
