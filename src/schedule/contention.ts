import { KERNBASE } from '../memory/map.js';
import { isWrite, Op, type TraceEvent } from '../memory/trace-event.js';

const MANY = 255;

/**
 * Learns which words harts contend for: touched by two harts, and written by one of them. Switches anywhere else
 * change nothing that another hart could see.
 */
export class Contention {
  /** Per word of RAM: 0 untouched, hart + 1, or MANY. */
  private readonly toucher: Uint8Array;
  private readonly written: Uint8Array;
  private readonly contended = new Set<number>();

  constructor(ramSize: number) {
    this.toucher = new Uint8Array(ramSize / 4);
    this.written = new Uint8Array(ramSize / 4);
  }

  /** Returns the addresses of words that are contended and were not known to be. */
  learn(trace: Iterable<TraceEvent>): number[] {
    const fresh: number[] = [];
    for (const { op, hart, address, size } of trace) {
      if (op === Op.Note) continue;
      const first = (address - KERNBASE) >>> 2;
      const last = (address + size - 1 - KERNBASE) >>> 2;
      for (let word = first; word <= last; word++) {
        const before = this.toucher[word]!;
        if (before === 0) this.toucher[word] = hart + 1;
        else if (before !== hart + 1) this.toucher[word] = MANY;
        if (isWrite(op)) this.written[word] = 1;
        if (this.toucher[word] === MANY && this.written[word] === 1 && !this.contended.has(word)) {
          this.contended.add(word);
          fresh.push(KERNBASE + word * 4);
        }
      }
    }
    return fresh;
  }
}
