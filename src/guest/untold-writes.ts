import type { Hart } from '../hart/hart.js';
import { hartBlock, MARKED_ENTRIES, PGSIZE } from '../memory/map.js';

const { marks, markedEntries } = hartBlock.fields;

/** Notes frames that a hart writes without a trace, where the hardware notes the page table entries that it changes. */
export class UntoldWrites {
  private readonly noted = new Set<number>();

  constructor(private readonly hart: Hart) {}

  wrote(pa: number): void {
    const frame = pa - (pa % PGSIZE);
    if (this.noted.has(frame)) return;
    this.noted.add(frame);
    const { host } = this.hart.memory;
    const { block } = this.hart.map;
    const count = marks.load(host, block);
    host.store32(markedEntries.at(block, count % MARKED_ENTRIES), frame);
    marks.store(host, block, count + 1);
  }
}
