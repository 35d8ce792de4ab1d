import type { SharedAccess } from '../../src/memory/access.js';
import { entriesIn, type ValidEntries } from '../books/census.js';

/**
 * What page tables hold, remembered from run to run: every run starts with the same memory, so a frame that a run has
 * not written holds what it held then.
 */
export class RememberedTables {
  private readonly atStart = new Map<number, readonly number[]>();
  private readonly look: ValidEntries;

  constructor(mem: SharedAccess) {
    this.look = entriesIn(mem);
  }

  /** @param written addresses of the frames that the run has written */
  after(written: ReadonlySet<number>): ValidEntries {
    return (table) => {
      if (written.has(table)) return this.look(table);
      let known = this.atStart.get(table);
      if (known === undefined) {
        known = this.look(table);
        this.atStart.set(table, known);
      }
      return known;
    };
  }
}
