import { Sys } from '../../kernel/trap/syscall.js';
import { CHILD, DesignBench, HEAP, PARENT } from './design-bench.js';

/** Processes that share a page, parent and children. */
export const SHARERS: readonly number[] = [2, 4, 8, 16, 32, 64, 128, 256];

/** Accesses to page tables and to the design's own words, in its sound form. */
export interface SharerCosts {
  readonly design: string;
  /** As many processes share the page. */
  readonly sharers: number;
  /** A child writes it: the others go on sharing it. */
  readonly firstWrite: number;
  /** The parent writes it, when all of its children have written theirs, and are there still. */
  readonly lastWrite: number;
  /** A child exits that shares its text and its stack with all the others. */
  readonly exit: number;
}

/** Parent and children share a page of heap. Throws BootError for a name that no design has. */
function family(design: string, sharers: number): DesignBench {
  const bench = new DesignBench({ design, form: 'sound', bug: null, processes: sharers });
  bench.boot(1);
  for (let child = 1; child < sharers; child++) bench.fork();
  bench.takeUp();
  return bench;
}

/** Counts what sharers cost one another; the same every time, as nothing is contended. */
export function measureSharers(design: string, sharers: number): SharerCosts {
  const some = family(design, sharers);
  const firstWrite = some.accesses(() => some.write(CHILD, HEAP));
  const exit = some.accesses(() => some.call(CHILD, Sys.exit, 0));
  const all = family(design, sharers);
  for (let child = 1; child < sharers; child++) {
    all.write(CHILD, HEAP);
    // For good: no time passes here. The hart takes up the next.
    all.call(CHILD, Sys.sleep, 1);
  }
  const lastWrite = all.accesses(() => all.write(PARENT, HEAP));
  return { design, sharers, firstWrite, lastWrite, exit };
}
