import { formOf, type KernelConfig } from '../../kernel/config.js';
import { framesBelow } from '../../kernel/page-sharing/entries.js';
import type { DesignForm, FormName } from '../../kernel/page-sharing/page-sharing.js';
import { NPROC } from '../../kernel/params.js';
import { Sys } from '../../kernel/trap/syscall.js';
import { KERNBASE } from '../memory/map.js';
import { CHILD, type Cost, DesignBench, HEAP, PARENT } from './design-bench.js';

export interface DesignCosts {
  readonly design: string;
  readonly form: FormName;
  readonly guard: string;
  /** Bytes that the design sets aside for each page of RAM. */
  readonly bytesPerPage: number;
  /** Pages of the heap that is forked. */
  readonly pages: number;
  readonly fork: Cost;
  /** The write of one of two sharers, and then the other's to the same page. */
  readonly firstWrite: Cost;
  readonly lastWrite: Cost;
  /** The exit of a child that shares all its pages but the one that was written. */
  readonly exit: Cost;
}

/**
 * Runs a fork of `pages` pages, the writes after it and the exit of the child on the kernel itself, and counts. Parent
 * and child have a hart each, and act in turn, so nothing is contended and the figures are the same every time.
 * Throws BootError for a name that no design or form has.
 */
export function measureDesign(design: string, form: FormName, pages = 64): DesignCosts {
  const config: KernelConfig = { design, form, bug: null, processes: NPROC.default };
  const chosen = formOf(config);
  const bench = new DesignBench(config);
  bench.boot(pages);
  const fork = bench.measure(() => bench.fork());
  const firstWrite = bench.measure(() => bench.write(CHILD, HEAP));
  const lastWrite = bench.measure(() => bench.write(PARENT, HEAP));
  const exit = bench.measure(() => bench.call(CHILD, Sys.exit, 0));
  const bytes = bytesPerPage(chosen, bench.ramSize);
  return { design, form, guard: chosen.guard, bytesPerPage: bytes, pages, fork, firstWrite, lastWrite, exit };
}

/** What twice the memory takes more, for each page of it. Page tables are no part of a design's state. */
function bytesPerPage(form: DesignForm, ramSize: number): number {
  const bytesFor = (physTop: number) => {
    let bytes = 0;
    const place = (_name: string, { size }: { readonly size: number }) => {
      bytes += size;
      return KERNBASE;
    };
    form.reserve(
      { place, frames: () => KERNBASE, lock() {} },
      { harts: 1, processes: NPROC.default, freeLists: 1, diskBlocks: 0, physTop },
    );
    return bytes;
  };
  const once = KERNBASE + ramSize;
  const twice = once + ramSize;
  return (bytesFor(twice) - bytesFor(once)) / (framesBelow(twice) - framesBelow(once));
}
