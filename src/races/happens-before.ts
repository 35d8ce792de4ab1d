import { PGSIZE } from '../memory/map.js';
import { isAccess, isAtomic, isWrite, Op, Order, type TraceEvent } from '../memory/trace-event.js';
import { type Finding, placeOfWord } from './finding.js';
import { HartOrder } from './hart-order.js';
import type { Observer, ObserverContext } from './observer.js';
import { type Shadow, ShadowMemory } from './shadow-memory.js';
import { happenedBefore, Kind, newClock, type VectorClock } from './vector-clock.js';

/** Bytes of the widest access of guest code; what is wider is a bulk access of the supervisor's. */
const WIDEST = 8;
const FULL_FENCE = 0b0011_0011;

interface Race {
  /** Where its later access begins; undefined for a bulk access. */
  readonly word: number | undefined;
  readonly finding: Finding;
}

/**
 * Data races by happens-before (after FastTrack: Flanagan and Freund, PLDI 2009). Two accesses race when they touch the
 * same word, one writes, at most one is atomic, and neither happens before the other. What orders:
 *
 * - A load that acquires reads what a store has released. Sequential accesses do both; those of guest code as aq and rl
 *   say; others by the fences that stand before the store and after the load (C11 §7.17.4, RVWMO).
 * - Guest code has one kind of load and store. So a word that it ever accessed by amo, lr or sc, in this run or an
 *   earlier one, is a word for synchronisation: plain accesses to it are atomic ones without aq and rl. What it stored
 *   there by plain stores in this run before the first such access has released nothing.
 */
export class HappensBefore implements Observer {
  readonly name = 'happens-before';
  private harts: HartOrder[] = [];
  /** By number of the word, what its release sequence hands on. */
  private readonly released = new Map<number, VectorClock>();
  private readonly shadow: ShadowMemory;
  /** By the earlier access: what races with it later is the same mistake. */
  private readonly found = new Map<number, Race>();

  constructor(private readonly context: ObserverContext) {
    this.shadow = new ShadowMemory(context.harts, context.ramSize);
  }

  begin(): void {
    const { harts } = this.context;
    this.harts = Array.from({ length: harts }, (_, hart) => new HartOrder(harts, hart));
    this.released.clear();
    this.shadow.begin();
    this.found.clear();
  }

  observe(event: TraceEvent, index: number): void {
    if (event.op === Op.Fence) this.harts[event.hart]!.fence(event.order);
    if (!isAccess(event.op) || event.size === 0) return;
    if (event.size <= WIDEST) this.access(event, index);
    else if (event.size === PGSIZE && (event.address & (PGSIZE - 1)) === 0) this.pageAccess(event, index);
    else this.bulkAccess(event, index);
  }

  findings(): readonly Finding[] {
    return Array.from(this.found.values(), ({ finding }) => finding);
  }

  private access(event: TraceEvent, index: number): void {
    const { shadow } = this;
    const first = shadow.wordAt(event.address);
    const last = shadow.wordAt(event.address + event.size - 1);
    const record = shadow.touchWord(first);
    const orders = isAtomic(event.op) || shadow.words.isMarked(record);
    if (orders) this.beforeAccess(event, first, last);
    this.wordAccess(first, record, event, orders, index);
    for (let word = first + 1; word <= last; word++) {
      const next = shadow.touchWord(word);
      this.wordAccess(word, next, event, orders || shadow.words.isMarked(next), index);
    }
    if (orders && isWrite(event.op)) this.store(event, first);
  }

  private beforeAccess(event: TraceEvent, first: number, last: number): void {
    if (isAtomic(event.op) && event.order !== Order.Sequential)
      for (let word = first; word <= last; word++) this.mark(word);
    if (!isWrite(event.op) || event.op === Op.AtomicUpdate) this.load(event, first);
  }

  /** From now on the word is one for synchronisation, and so it was when races on it were found. */
  private mark(word: number): void {
    const record = this.shadow.touchWord(word);
    if (this.shadow.words.isMarked(record)) return;
    this.shadow.words.mark(record);
    for (const [before, race] of this.found) if (race.word === word) this.found.delete(before);
  }

  private load({ hart, order }: TraceEvent, word: number): void {
    const released = this.released.get(word);
    const own = this.harts[hart]!;
    if (released !== undefined && (order & Order.Acquire) !== 0) own.acquire(released);
    else if (released !== undefined) own.see(released);
  }

  private store({ op, hart, order }: TraceEvent, word: number): void {
    const own = this.harts[hart]!;
    const both = Order.Acquire | Order.Release;
    if (order === both) own.fence(FULL_FENCE);
    // A store starts a new release sequence; an update continues the one it read from.
    const released = this.released.get(word) ?? newClock(this.context.harts);
    this.released.set(word, released);
    if (op !== Op.AtomicUpdate) released.fill(0);
    if ((order & Order.Release) !== 0) own.release(released);
    else own.handOn(released);
  }

  private wordAccess(word: number, record: number, event: TraceEvent, atomic: boolean, index: number): void {
    const { words, pages } = this.shadow;
    this.checkAll(words, record, event, atomic, index);
    const page = pages.find(this.shadow.pageOf(word));
    if (pages.isTouched(page)) this.checkAll(pages, page, event, atomic, index);
    this.remember(words, record, event, atomic, index);
  }

  /** Nothing that orders, whatever words it touches. */
  private bulkAccess(event: TraceEvent, index: number): void {
    const { shadow } = this;
    const last = shadow.wordAt(event.address + event.size - 1);
    for (let word = shadow.wordAt(event.address); word <= last; word++)
      this.wordAccess(word, shadow.touchWord(word), event, false, index);
  }

  private pageAccess(event: TraceEvent, index: number): void {
    const { words, pages } = this.shadow;
    const page = this.shadow.pageOf(this.shadow.wordAt(event.address));
    for (const word of this.shadow.touchedWords(page)) this.checkAll(words, word, event, false, index);
    const record = this.shadow.touchPage(page);
    this.checkAll(pages, record, event, false, index);
    this.remember(pages, record, event, false, index);
  }

  private remember(shadow: Shadow, record: number, { op, hart }: TraceEvent, atomic: boolean, index: number): void {
    const kind = isWrite(op) ? Kind.Write : Kind.Read;
    shadow.remember(record, hart, kind, this.harts[hart]!.time, atomic, index);
  }

  private checkAll(shadow: Shadow, record: number, event: TraceEvent, atomic: boolean, index: number): void {
    const { hart, op } = event;
    if (shadow.isPrivate(record, hart)) return;
    const writes = isWrite(op);
    const clock = this.harts[hart]!.before(writes ? Kind.Write : Kind.Read);
    for (let other = 0; other < this.context.harts; other++) {
      if (other === hart) continue;
      if (this.isRace(shadow, record, other, Kind.Write, clock, atomic))
        this.report(other, 'writes', event, shadow.event(record, other, Kind.Write), index);
      if (writes && this.isRace(shadow, record, other, Kind.Read, clock, atomic))
        this.report(other, 'reads', event, shadow.event(record, other, Kind.Read), index);
    }
  }

  /** Whether the other hart's last access of that kind is ordered before one with this clock by nothing. */
  private isRace(
    shadow: Shadow,
    record: number,
    other: number,
    kind: Kind,
    clock: VectorClock,
    atomic: boolean,
  ): boolean {
    const time = shadow.time(record, other, kind);
    if (time === 0 || happenedBefore(other, kind, time, clock)) return false;
    return !(atomic && shadow.isAtomic(record, other, kind));
  }

  private report(other: number, does: string, event: TraceEvent, before: number, index: number): void {
    if (this.found.has(before)) return;
    const name = this.context.describe(event.address);
    const what = event.size > WIDEST ? `${event.size} bytes at ${name}` : name;
    const then = isWrite(event.op) ? 'writes' : 'reads';
    const finding = {
      kind: 'data-race' as const,
      place: `${placeOfWord(name)}: ${does}, ${then}`,
      summary: `data race on ${what}: hart ${other} ${does} it, hart ${event.hart} ${then} it, and nothing orders them`,
      events: [before, index],
      advisory: false,
    };
    const word = event.size > WIDEST ? undefined : this.shadow.wordAt(event.address);
    this.found.set(before, { word, finding });
  }
}
