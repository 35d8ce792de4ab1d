import { KERNBASE, PGSHIFT, PGSIZE } from '../memory/map.js';
import { PagedCells } from '../memory/paged-cells.js';
import type { Kind } from './vector-clock.js';

const WORDS_SHIFT = PGSHIFT - 2;

/**
 * Words of a place's record: the run that touched it last, and a mark; who made the accesses that are remembered, a hart
 * plus one, or `MANY`; then for each hart and kind the access's stamp and event.
 */
const MAKER = 1;
const HEAD = 2;
const MANY = 0xffff_ffff;
const PER_KIND = 2;
const PER_HART = 2 * PER_KIND;
/** Lowest bit of the first word, and of a stamp; times lie above it. */
const MARKED = 1;
const ATOMIC = 1;

/**
 * Last reads and writes of each hart, by place. A place's record lies together, as all of it is looked at with every
 * access; it is named by where it begins. Records are put back when a run first touches them, so a new run costs nothing.
 */
export class Shadow {
  private readonly records: PagedCells;
  private readonly stride: number;
  private current = 0;

  constructor(harts: number, places: number) {
    this.stride = HEAD + harts * PER_HART;
    this.records = new PagedCells(places, this.stride);
  }

  /** Pages of records that take memory. */
  get pages(): number {
    return this.records.pages;
  }

  begin(): void {
    this.current++;
  }

  /** The place's record, to be read. */
  find(place: number): number {
    return this.records.find(place);
  }

  /** The place's record, to be written; `touch` it before anything else. */
  claim(place: number): number {
    return this.records.claim(place);
  }

  /** Makes the record ready for use in this run; whether it was touched for the first time. */
  touch(record: number): boolean {
    const { records } = this;
    const head = records.get(record);
    if (head >>> 1 === this.current) return false;
    records.set(record, this.current * 2 + (head & MARKED));
    const end = record + this.stride;
    for (let at = record + MAKER; at < end; at++) records.set(at, 0);
    return true;
  }

  /** Whether this run has touched the place. */
  isTouched(record: number): boolean {
    return this.records.get(record) >>> 1 === this.current;
  }

  /** Whether the place was ever marked, in this run or before. */
  isMarked(record: number): boolean {
    return (this.records.get(record) & MARKED) !== 0;
  }

  /** Marks the place for good. What has been remembered of it counts as atomic. */
  mark(record: number): void {
    const { records } = this;
    records.set(record, records.get(record) | MARKED);
    const end = record + this.stride;
    for (let at = record + HEAD; at < end; at += PER_KIND) records.set(at, records.get(at) | ATOMIC);
  }

  remember(record: number, hart: number, kind: Kind, time: number, atomic: boolean, event: number): void {
    const { records } = this;
    const maker = records.get(record + MAKER);
    if (maker !== hart + 1) records.set(record + MAKER, maker === 0 ? hart + 1 : MANY);
    const at = cellOf(record, hart, kind);
    records.set(at, time * 2 + (atomic ? ATOMIC : 0));
    records.set(at + 1, event);
  }

  /** Whether no other hart has an access to be remembered, which spares a look at all of them. */
  isPrivate(record: number, hart: number): boolean {
    const maker = this.records.get(record + MAKER);
    return maker === 0 || maker === hart + 1;
  }

  /** When the last access was: the hart's own time. 0: there was none. */
  time(record: number, hart: number, kind: Kind): number {
    return this.records.get(cellOf(record, hart, kind)) >>> 1;
  }

  isAtomic(record: number, hart: number, kind: Kind): boolean {
    return (this.records.get(cellOf(record, hart, kind)) & ATOMIC) !== 0;
  }

  /** Its place in the trace. */
  event(record: number, hart: number, kind: Kind): number {
    return this.records.get(cellOf(record, hart, kind) + 1);
  }
}

function cellOf(record: number, hart: number, kind: Kind): number {
  return record + HEAD + hart * PER_HART + kind * PER_KIND;
}

/**
 * What happens-before remembers of RAM: of words, and of whole pages, which are filled and copied at once and would be
 * a thousand words each time.
 */
export class ShadowMemory {
  /** Marked: words for synchronisation. */
  readonly words: Shadow;
  readonly pages: Shadow;
  /** By page, the records of words that this run has touched one by one. */
  private readonly touched = new Map<number, number[]>();

  constructor(harts: number, ramSize: number) {
    this.words = new Shadow(harts, ramSize / 4);
    this.pages = new Shadow(harts, ramSize / PGSIZE);
  }

  begin(): void {
    this.words.begin();
    this.pages.begin();
    this.touched.clear();
  }

  wordAt(address: number): number {
    return (address - KERNBASE) >>> 2;
  }

  pageOf(word: number): number {
    return word >>> WORDS_SHIFT;
  }

  /** The word's record, ready for use in this run. */
  touchWord(word: number): number {
    const record = this.words.claim(word);
    if (this.words.touch(record)) {
      const page = this.pageOf(word);
      const records = this.touched.get(page);
      if (records === undefined) this.touched.set(page, [record]);
      else records.push(record);
    }
    return record;
  }

  /** The page's record, ready for use in this run. */
  touchPage(page: number): number {
    const record = this.pages.claim(page);
    this.pages.touch(record);
    return record;
  }

  /** Records of the page's words that this run has touched one by one, in that order. */
  touchedWords(page: number): readonly number[] {
    return this.touched.get(page) ?? [];
  }
}
