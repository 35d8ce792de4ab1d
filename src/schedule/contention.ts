import { KERNBASE } from '../memory/map.js';
import { PagedCells } from '../memory/paged-cells.js';
import { isAccess, isWrite, type TraceEvent } from '../memory/trace-event.js';

/** A word's cell: 0 untouched, else the hart that touched it plus one, or `MANY`; and what else is known of it. */
const TOUCHER = 0xff;
const MANY = 0xff;
const WRITTEN = 0x100;
/** It is contended, and that was told. */
const TOLD = 0x200;

/**
 * Learns which words harts contend for: touched by two harts, and written by one of them. Switches anywhere else
 * change nothing that another hart could see.
 */
export class Contention {
  private readonly words: PagedCells;

  constructor(ramSize: number) {
    this.words = new PagedCells(ramSize / 4, 1);
  }

  /** Returns the addresses of words that are contended and were not known to be. */
  learn(trace: Iterable<TraceEvent>): number[] {
    const fresh: number[] = [];
    for (const { op, hart, address, size } of trace) {
      if (!isAccess(op)) continue;
      const first = (address - KERNBASE) >>> 2;
      const last = (address + size - 1 - KERNBASE) >>> 2;
      for (let word = first; word <= last; word++)
        if (this.touch(word, hart, isWrite(op))) fresh.push(KERNBASE + word * 4);
    }
    return fresh;
  }

  /** Whether the word is contended and was not known to be. */
  private touch(word: number, hart: number, writes: boolean): boolean {
    const at = this.words.claim(word);
    const before = this.words.get(at);
    const toucher = before & TOUCHER;
    const known = (before & ~TOUCHER) | (writes ? WRITTEN : 0);
    const now = known | (toucher === 0 || toucher === hart + 1 ? hart + 1 : MANY);
    const isFresh = (now & TOUCHER) === MANY && (now & WRITTEN) !== 0 && (now & TOLD) === 0;
    this.words.set(at, isFresh ? now | TOLD : now);
    return isFresh;
  }
}
