import { KERNBASE, PGSHIFT, PGSIZE } from '../memory/map.js';

const WORDS_SHIFT = PGSHIFT - 2;

/** Kinds of access of which the last is remembered. */
export const Kind = { Read: 0, Write: 1 } as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Words of a place's record: the run that touched it last; then for each hart and kind the access's stamp and event. */
const HEAD = 1;
const PER_KIND = 2;
const PER_HART = 2 * PER_KIND;

/**
 * Last reads and writes of each hart, by place. A place's record lies together, as all of it is looked at with every
 * access. Places are put back when a run first touches them, so a new run costs nothing.
 */
export class Shadow {
  private readonly cells: Uint32Array;
  private readonly stride: number;
  private current = 0;

  constructor(harts: number, places: number) {
    this.stride = HEAD + harts * PER_HART;
    this.cells = new Uint32Array(places * this.stride);
  }

  begin(): void {
    this.current++;
  }

  /** Whether this run has touched the place. */
  isTouched(place: number): boolean {
    return this.cells[place * this.stride] === this.current;
  }

  /** Makes the place ready for use in this run; whether it was touched for the first time. */
  touch(place: number): boolean {
    const { cells, stride } = this;
    const at = place * stride;
    if (cells[at] === this.current) return false;
    cells[at] = this.current;
    for (let i = HEAD; i < stride; i++) cells[at + i] = 0;
    return true;
  }

  remember(place: number, hart: number, kind: Kind, time: number, atomic: boolean, event: number): void {
    const at = this.at(place, hart, kind);
    this.cells[at] = time * 2 + (atomic ? 1 : 0);
    this.cells[at + 1] = event;
  }

  /** When the last access was: the hart's own time. 0: there was none. */
  time(place: number, hart: number, kind: Kind): number {
    return this.cells[this.at(place, hart, kind)]! >>> 1;
  }

  isAtomic(place: number, hart: number, kind: Kind): boolean {
    return (this.cells[this.at(place, hart, kind)]! & 1) === 1;
  }

  /** Its place in the trace. */
  event(place: number, hart: number, kind: Kind): number {
    return this.cells[this.at(place, hart, kind) + 1]!;
  }

  private at(place: number, hart: number, kind: Kind): number {
    return place * this.stride + HEAD + hart * PER_HART + kind * PER_KIND;
  }
}

/**
 * What happens-before remembers of RAM: of words, and of whole pages, which are filled and copied at once and would be
 * a thousand words each time.
 */
export class ShadowMemory {
  readonly words: Shadow;
  readonly pages: Shadow;
  /** By page, the words that this run has touched one by one. */
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

  touchWord(word: number): void {
    if (!this.words.touch(word)) return;
    const page = this.pageOf(word);
    const words = this.touched.get(page);
    if (words === undefined) this.touched.set(page, [word]);
    else words.push(word);
  }

  /** The words of the page that this run has touched one by one, in that order. */
  touchedWords(page: number): readonly number[] {
    return this.touched.get(page) ?? [];
  }
}
