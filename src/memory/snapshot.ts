import type { DirectAccess } from './direct-access.js';
import { PGSIZE } from './map.js';

/** A copy of a range of memory that can be put back, whole or by pages. */
export class Snapshot {
  private readonly bytes: Uint8Array;

  /** @param start address in the view of `memory`, page aligned; `size` in bytes */
  constructor(
    private readonly memory: DirectAccess,
    private readonly start: number,
    size: number,
  ) {
    this.bytes = memory.read(start, size);
  }

  restoreAll(): void {
    this.memory.write(this.start, this.bytes);
  }

  /** @param address anywhere in the page, as an address of the view */
  restorePage(address: number): void {
    const page = Math.floor((address - this.start) / PGSIZE) * PGSIZE;
    this.memory.write(this.start + page, this.bytes.subarray(page, page + PGSIZE));
  }
}
