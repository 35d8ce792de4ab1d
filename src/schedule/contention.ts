import { KERNBASE, PGSIZE } from '../memory/map.js';
import { PagedCells } from '../memory/paged-cells.js';
import { frameTold, ghostOf, isAccess, isWrite, reachOf, type TraceEvent } from '../memory/trace-event.js';

/** A word's cell: 0 untouched, else the hart that touched it plus one, or `MANY`; and what else is known of it. */
const TOUCHER = 0xff;
const MANY = 0xff;
const WRITTEN = 0x100;
/** It is contended, and that was told. */
const TOLD = 0x200;

/**
 * Learns which words harts contend for, ghost words of frames among them: touched by two harts, and written by one of them.
 * Switches anywhere else change nothing that another hart could see, and nothing that an observer could tell.
 */
export class Contention {
  private readonly words: PagedCells;
  /** By number of the frame. */
  private readonly ghosts: PagedCells;

  private readonly ramEnd: number;

  constructor(ramSize: number) {
    this.ramEnd = KERNBASE + ramSize;
    this.words = new PagedCells(ramSize / 4, 1);
    this.ghosts = new PagedCells(ramSize / PGSIZE, 1);
  }

  /** Returns the addresses of words that are contended and were not known to be. */
  learn(trace: Iterable<TraceEvent>): number[] {
    const fresh: number[] = [];
    for (const event of trace) {
      const { op, hart } = event;
      const { address, bytes } = reachOf(event);
      const frame = frameTold(event) ?? (isAccess(op) ? address - (address % PGSIZE) : undefined);
      // What a damaged entry leads to may lie in no RAM.
      if (
        frame !== undefined &&
        frame < this.ramEnd &&
        touch(this.ghosts, (frame - KERNBASE) / PGSIZE, hart, !isAccess(op))
      )
        fresh.push(ghostOf(frame));
      if (!isAccess(op)) continue;
      const first = (address - KERNBASE) >>> 2;
      const last = (address + bytes - 1 - KERNBASE) >>> 2;
      for (let word = first; word <= last; word++)
        if (touch(this.words, word, hart, isWrite(op))) fresh.push(KERNBASE + word * 4);
    }
    return fresh;
  }
}

/** Whether the word of that number is contended and was not known to be. */
function touch(words: PagedCells, word: number, hart: number, writes: boolean): boolean {
  const at = words.claim(word);
  const before = words.get(at);
  const toucher = before & TOUCHER;
  const known = (before & ~TOUCHER) | (writes ? WRITTEN : 0);
  const now = known | (toucher === 0 || toucher === hart + 1 ? hart + 1 : MANY);
  const isFresh = (now & TOUCHER) === MANY && (now & WRITTEN) !== 0 && (now & TOLD) === 0;
  words.set(at, isFresh ? now | TOLD : now);
  return isFresh;
}
