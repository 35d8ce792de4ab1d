import { Kalloc } from '../../memory/kalloc.js';
import { frameRecord, placesOf, recordOf } from './records.js';

/** Threads the free list through the core map, so that a free frame is not touched. */
export class CoreMapKalloc extends Kalloc {
  private readonly records = placesOf(this.cx.layout.sharing, this.cx.layout.config).frames;

  protected override linkAt(pa: number): number {
    return recordOf(this.records, pa) + frameRecord.fields.next.offset;
  }
}
