import type { SharedAccess } from '../../src/memory/access.js';
import { struct, u32, u64 } from '../../src/memory/struct.js';

/** Per-hart state. Only its own hart writes it; the main thread reads the counters. */
export const cpu = struct('cpu', {
  /** The process that runs on this hart: the address of its struct proc, or 0. */
  proc: u32,
  /** Slot at which the scheduler looks next. */
  position: u32,
  /** Times that the scheduler has looked for a process; wraps. */
  picks: u32,
  forks: u64,
  cowFaults: u64,
  /** Pages that fork put into a second address space without copying. */
  pagesShared: u64,
  /** Frames whose content was copied into a new one, by fork or by a write. */
  pagesCopied: u64,
  /** Writes to a copy-on-write page that needed no copy, because nobody else had it any more. */
  pagesReused: u64,
  /** Copies after which the old frame was free: made for the last sharer, who could have kept it. */
  needlessCopies: u64,
  /** Entries that got their right to write back because all other sharers had left. */
  pagesGivenBack: u64,
  /** TLB flushes asked of other harts. */
  remoteFlushes: u64,
  /** Times that the hart took up a process. */
  switches: u64,
});

const { fields } = cpu;

/** The counters of one hart: what it did since boot. */
export class HartCounters {
  constructor(
    private readonly mem: SharedAccess,
    private readonly cpu: number,
  ) {}

  forked(): void {
    this.mem.count64(this.cpu + fields.forks.offset, 1);
  }
  cowFaulted(): void {
    this.mem.count64(this.cpu + fields.cowFaults.offset, 1);
  }
  pageShared(): void {
    this.mem.count64(this.cpu + fields.pagesShared.offset, 1);
  }
  pageCopied(): void {
    this.mem.count64(this.cpu + fields.pagesCopied.offset, 1);
  }
  pageReused(): void {
    this.mem.count64(this.cpu + fields.pagesReused.offset, 1);
  }
  copiedNeedlessly(): void {
    this.mem.count64(this.cpu + fields.needlessCopies.offset, 1);
  }
  pageGivenBack(): void {
    this.mem.count64(this.cpu + fields.pagesGivenBack.offset, 1);
  }
  remoteFlushAsked(): void {
    this.mem.count64(this.cpu + fields.remoteFlushes.offset, 1);
  }
  switched(): void {
    this.mem.count64(this.cpu + fields.switches.offset, 1);
  }
}
