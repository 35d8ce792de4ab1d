import { KERNBASE, PGSIZE } from '../memory/map.js';

const WORDS_PER_PAGE = PGSIZE / 4;

/** The last access of one kind, by place: when, and where in the trace. Time 0: none. */
export class LastAccesses {
  readonly time: Uint32Array;
  readonly event: Uint32Array;
  readonly atomic: Uint8Array;

  constructor(places: number) {
    this.time = new Uint32Array(places);
    this.event = new Uint32Array(places);
    this.atomic = new Uint8Array(places);
  }
}

/** Last reads and writes of each hart, by place. Places are put back when a run first touches them, so a new run costs nothing. */
export class Shadow {
  readonly reads: readonly LastAccesses[];
  readonly writes: readonly LastAccesses[];
  private readonly run: Uint32Array;
  private current = 0;

  constructor(
    private readonly harts: number,
    places: number,
  ) {
    const perHart = () => Array.from({ length: harts }, () => new LastAccesses(places));
    this.reads = perHart();
    this.writes = perHart();
    this.run = new Uint32Array(places);
  }

  begin(): void {
    this.current++;
  }

  /** Whether this run has touched the place. */
  isTouched(place: number): boolean {
    return this.run[place] === this.current;
  }

  /** Makes the place ready for use in this run; whether it was touched for the first time. */
  touch(place: number): boolean {
    if (this.isTouched(place)) return false;
    this.run[place] = this.current;
    for (let hart = 0; hart < this.harts; hart++) {
      this.reads[hart]!.time[place] = 0;
      this.writes[hart]!.time[place] = 0;
    }
    return true;
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
    return Math.floor(word / WORDS_PER_PAGE);
  }

  touchWord(word: number): void {
    if (!this.words.touch(word)) return;
    const page = this.pageOf(word);
    const words = this.touched.get(page);
    if (words === undefined) this.touched.set(page, [word]);
    else words.push(word);
  }

  /** The words of the page that this run has touched one by one, in the order of their addresses. */
  touchedWords(page: number): readonly number[] {
    return (this.touched.get(page) ?? []).toSorted((a, b) => a - b);
  }
}
